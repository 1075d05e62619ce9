'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const FinishTemplate = require('../template.cjs');

const shared = { target: { lambdaEndpoints: {} }, throttling: { requestsPerSecond: 1, burst: 1 } };

/** The resources of a template once the plugin has finished it. */
function finished(resources, custom = {}) {
  const provider = { compiledCloudFormationTemplate: { Resources: resources } };
  const service = { service: 'orders', provider, functions: {}, custom: { shared, ...custom } };
  const configSchemaHandler = { defineFunctionEventProperties: () => {} };
  new FinishTemplate({ service, configSchemaHandler }).finish();
  return service.provider.compiledCloudFormationTemplate.Resources;
}

function api(others = {}) {
  return {
    ApiGatewayRestApi: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'dev-orders' } },
    ApiGatewayDeployment1: {
      Type: 'AWS::ApiGateway::Deployment',
      Properties: { RestApiId: { Ref: 'ApiGatewayRestApi' }, StageName: 'dev' },
    },
    ...others,
  };
}

test('request validators go, and the models that document requests stay', () => {
  const resources = finished(
    api({
      PostOrders: {
        Type: 'AWS::ApiGateway::Method',
        Properties: { RequestValidatorId: { Ref: 'Validator' }, RequestModels: { 'application/json': { Ref: 'Model' } } },
      },
      Model: { Type: 'AWS::ApiGateway::Model', Properties: {} },
      Validator: { Type: 'AWS::ApiGateway::RequestValidator', Properties: {} },
    }),
  );
  assert.equal(resources.Validator, undefined);
  assert.deepEqual(resources.PostOrders.Properties, { RequestModels: { 'application/json': { Ref: 'Model' } } });
  assert.ok(resources.Model);
});

test('a stage that records requests logs them without a word of who called, and sends traces', () => {
  const records = { accessLogs: true, accessLogRetentionDays: '90', xray: true };
  const role = { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: [] } }] } };
  const traced = {
    Type: 'AWS::Lambda::Function',
    Properties: { Role: { 'Fn::GetAtt': ['OrderRole', 'Arn'] }, TracingConfig: { Mode: 'Active' } },
  };
  const { ApiGatewayStage, ApiGatewayAccessLogs, OrderRole } = finished(api({ OrderRole: role, Order: traced }), {
    shared: { ...shared, records },
  });
  assert.deepEqual(ApiGatewayAccessLogs.Properties, { LogGroupName: '/access/dev/orders', RetentionInDays: 90 });
  assert.equal(ApiGatewayStage.Properties.TracingEnabled, true);
  const { Format } = ApiGatewayStage.Properties.AccessLogSetting;
  assert.ok(Object.values(JSON.parse(Format)).every((value) => /^\$context\.[A-Za-z.]+$/.test(value)));
  assert.doesNotMatch(Format, /identity|authorizer|\.path\b|querystring|header|error\.message/i);
  assert.deepEqual(OrderRole.Properties.Policies[0].PolicyDocument.Statement, [
    { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
  ]);
});

test('a stage that records nothing has neither a log of requests nor traces', () => {
  const { ApiGatewayStage, ApiGatewayAccessLogs } = finished(api());
  assert.equal(ApiGatewayAccessLogs, undefined);
  assert.deepEqual(Object.keys(ApiGatewayStage.Properties).sort(), ['DeploymentId', 'MethodSettings', 'RestApiId', 'StageName']);
});
