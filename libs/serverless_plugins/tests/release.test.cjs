'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const Release = require('../release.cjs');

const shared = { release: { enabled: true, customers: 'Canary10Percent5Minutes', others: 'Linear10PercentEvery1Minute' } };
const HTTP = [{ http: { method: 'GET', path: '/' } }];

function id(name) {
  return name[0].toUpperCase() + name.slice(1).replaceAll('-', 'Dash');
}

/** Runs the plugin as osls does, with what osls itself makes of functions. */
function released(functions, { own = {}, release = shared.release } = {}) {
  const naming = { getNormalizedFunctionName: id, getLambdaLogicalId: (name) => `${id(name)}LambdaFunction` };
  const Resources = {};
  const service = {
    service: 'orders',
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, lambda]) => [name, { name: `orders-prod-${name}`, events: [], ...lambda }]),
    ),
    resources: { Resources: own },
    custom: { shared: { release } },
    provider: { compiledCloudFormationTemplate: { Resources } },
  };
  const plugin = new Release({
    service,
    configSchemaHandler: { defineFunctionProperties: () => {} },
    getProvider: () => ({ naming, getStage: () => 'prod' }),
  });
  plugin.hooks['before:package:compileFunctions']();
  for (const [name, lambda] of Object.entries(service.functions)) {
    lambda.versionLogicalId = `${id(name)}Version`;
    Resources[naming.getLambdaLogicalId(name)] = { Type: 'AWS::Lambda::Function', Properties: {} };
  }
  plugin.hooks['after:package:compileFunctions']();
  Object.assign(Resources, own);
  plugin.hooks['after:aws:package:finalize:mergeCustomProviderResources']();
  return { Resources, functions: service.functions, naming };
}

test('customers get the canary, others the linear shift, and a function may differ', () => {
  const { Resources } = released({ 'get-order': { events: HTTP }, 'expire-order': {}, erase: { trafficShift: 'AllAtOnce' } });
  const shift = (name) => Resources[`${id(name)}DeploymentGroup`].Properties.DeploymentConfigName;
  assert.equal(shift('get-order'), 'CodeDeployDefault.LambdaCanary10Percent5Minutes');
  assert.equal(shift('expire-order'), 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute');
  assert.equal(shift('erase'), 'CodeDeployDefault.LambdaAllAtOnce');
});

test('hooks are called around the shift of every alias, and have no version themselves', () => {
  const { Resources, functions } = released({ 'get-order': {}, 'check-release': {}, 'check-traffic': {} });
  assert.deepEqual(Resources.GetDashorderLiveLambdaAlias.UpdatePolicy.CodeDeployLambdaAliasUpdate, {
    ApplicationName: { Ref: 'DeploymentApplication' },
    DeploymentGroupName: { Ref: 'GetDashorderDeploymentGroup' },
    BeforeAllowTrafficHook: { Ref: 'CheckDashreleaseLambdaFunction' },
    AfterAllowTrafficHook: { Ref: 'CheckDashtrafficLambdaFunction' },
  });
  for (const hook of ['check-release', 'check-traffic']) {
    assert.equal(functions[hook].versionFunction, undefined);
    assert.equal(Resources[`${id(hook)}LiveLambdaAlias`], undefined);
    assert.equal(Resources[`${id(hook)}DeploymentGroup`], undefined);
  }
});

test("what a service declares itself names the alias in place of the function's ARN", () => {
  const own = {
    Steps: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        Array: { 'Fn::GetAtt': ['GetDashorderLambdaFunction', 'Arn'] },
        Text: { 'Fn::GetAtt': 'GetDashorderLambdaFunction.Arn' },
        Within: { 'Fn::Sub': 'functions/${GetDashorderLambdaFunction.Arn}/invocations of ${OrdersTable.Arn}' },
        Hook: { 'Fn::GetAtt': ['CheckDashreleaseLambdaFunction', 'Arn'] },
        Table: { 'Fn::GetAtt': ['OrdersTable', 'Arn'] },
        Name: { Ref: 'GetDashorderLambdaFunction' },
      },
    },
  };
  const { Resources } = released({ 'get-order': {}, 'check-release': {} }, { own });
  assert.deepEqual(Resources.Steps.Properties, {
    ...own.Steps.Properties,
    Array: { Ref: 'GetDashorderLiveLambdaAlias' },
    Text: { Ref: 'GetDashorderLiveLambdaAlias' },
    Within: { 'Fn::Sub': 'functions/${GetDashorderLiveLambdaAlias}/invocations of ${OrdersTable.Arn}' },
  });
});

for (const enabled of [false, 'false']) {
  test(`where releases are ${JSON.stringify(enabled)}, nothing changes`, () => {
    const { Resources, functions } = released({ 'get-order': {} }, { release: { ...shared.release, enabled } });
    assert.deepEqual(Object.keys(Resources), ['GetDashorderLambdaFunction']);
    assert.equal(functions['get-order'].targetAlias, undefined);
  });
}
