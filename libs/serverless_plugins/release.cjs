'use strict';

const { releaseResources } = require('./deployment_groups.cjs');
const { hookFunctions } = require('./release_hooks.cjs');

const ALIAS = 'live';
const DEFAULT_ROLE = 'IamRoleLambdaExecution';
/** CodeDeploy's hooks, by the functions for them (release_hooks.cjs), which are called as they are deployed. */
const HOOKS = { 'check-release': 'BeforeAllowTrafficHook', 'check-traffic': 'AfterAllowTrafficHook' };
/** CodeDeploy's predefined ways of shifting traffic: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const SHIFTS = [
  'AllAtOnce',
  ...['5', '10', '15', '30'].map((minutes) => `Canary10Percent${minutes}Minutes`),
  'Linear10PercentEvery1Minute',
  ...['2', '3', '10'].map((minutes) => `Linear10PercentEvery${minutes}Minutes`),
];

/**
 * Releases functions as versions, where `custom.shared.release.enabled` says so.
 *
 * Every function but the hooks gets an immutable version behind the alias `live`, also instead of osls's aliases for SnapStart
 * and provisioned concurrency. All that names a function in the template names the alias: osls does so for its events, this
 * plugin for the service's own resources. CodeDeploy moves the alias, by the stage's policy for functions with HTTP events
 * (`release.customers`) and for the rest (`release.others`), or by the function's own `trafficShift`.
 *
 * Elsewhere the template stays as osls makes it.
 */
class Release {
  constructor(serverless) {
    this.serverless = serverless;
    serverless.configSchemaHandler.defineFunctionProperties('aws', { properties: { trafficShift: { enum: SHIFTS } } });
    this.hooks = {
      initialize: () => this.isEnabled && this.addHooks(),
      'before:package:compileFunctions': () => this.isEnabled && this.nameAliases(),
      'after:package:compileFunctions': () => this.isEnabled && this.addAliases(),
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.isEnabled && this.finish(),
    };
  }

  get isEnabled() {
    // A parameter of the command line is a text.
    return String(this.serverless.service.custom.shared.release.enabled) === 'true';
  }

  get resources() {
    return this.serverless.service.provider.compiledCloudFormationTemplate.Resources;
  }

  get released() {
    return Object.entries(this.serverless.service.functions).filter(([name]) => !HOOKS[name]);
  }

  addHooks() {
    const { service, serviceDir } = this.serverless;
    const stage = this.serverless.getProvider('aws').getStage();
    const { edge = false, target } = service.custom.shared;
    const hasApi = Object.values(service.functions).some(({ events }) => events.some(({ http }) => http));
    const { serviceUrl } = target;
    Object.assign(service.functions, hookFunctions({ serviceDir, service: service.service, stage, serviceUrl, hasApi, edge }));
  }

  nameAliases() {
    const { naming } = this.serverless.getProvider('aws');
    const aliasId = (name) => `${naming.getNormalizedFunctionName(name)}LiveLambdaAlias`;
    // osls makes these aliases itself.
    Object.assign(naming, {
      getLambdaSnapStartEnabledAliasName: () => ALIAS,
      getLambdaSnapStartAliasLogicalId: aliasId,
      getLambdaProvisionedConcurrencyAliasName: () => ALIAS,
      getLambdaProvisionedConcurrencyAliasLogicalId: aliasId,
    });
    for (const [name, lambda] of this.released) {
      lambda.versionFunction = true;
      lambda.targetAlias = { name: ALIAS, logicalId: aliasId(name) };
    }
  }

  addAliases() {
    for (const [name, { targetAlias, versionLogicalId }] of this.released) {
      const { naming } = this.serverless.getProvider('aws');
      this.resources[targetAlias.logicalId] ??= {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: naming.getLambdaLogicalId(name) },
          FunctionVersion: { 'Fn::GetAtt': [versionLogicalId, 'Version'] },
          Name: ALIAS,
        },
      };
    }
  }

  finish() {
    this.nameAliasesInOwnResources();
    leaveRolesToFunctions(this.resources);
    const { service } = this.serverless;
    const aws = this.serverless.getProvider('aws');
    const { naming } = aws;
    const { customers, others, permissionsBoundary } = service.custom.shared.release;
    const hooks = Object.keys(HOOKS).filter((name) => service.functions[name]);
    const made = releaseResources({
      prefix: `${service.service}-${aws.getStage()}`,
      functions: this.released.map(([name, lambda]) => ({
        name,
        fullName: lambda.name,
        groupId: `${naming.getNormalizedFunctionName(name)}DeploymentGroup`,
        shift: lambda.trafficShift ?? (lambda.events.some(({ http }) => http) ? customers : others),
      })),
      hookIds: hooks.map((name) => naming.getLambdaLogicalId(name)),
      permissionsBoundary,
      resources: this.resources,
    });
    Object.assign(this.resources, made);
    for (const hook of hooks) {
      const role = this.resources[`${naming.getNormalizedFunctionName(hook)}IamRoleLambdaExecution`];
      if (permissionsBoundary) role.Properties.PermissionsBoundary = permissionsBoundary;
    }
    for (const [name, lambda] of this.released) {
      this.resources[lambda.targetAlias.logicalId].UpdatePolicy = {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: 'DeploymentApplication' },
          DeploymentGroupName: { Ref: `${naming.getNormalizedFunctionName(name)}DeploymentGroup` },
          ...Object.fromEntries(hooks.map((hook) => [HOOKS[hook], { Ref: naming.getLambdaLogicalId(hook) }])),
        },
      };
    }
  }

  /** Replaces the ARNs of functions by those of their aliases in the resources that the service declares itself. */
  nameAliasesInOwnResources() {
    const { naming } = this.serverless.getProvider('aws');
    const aliases = new Map(
      this.released.map(([name, { targetAlias }]) => [naming.getLambdaLogicalId(name), targetAlias.logicalId]),
    );
    for (const id of Object.keys(this.serverless.service.resources?.Resources ?? {})) {
      this.resources[id] = namingAliases(this.resources[id], aliases);
    }
  }
}

/** serverless-iam-roles-per-function takes the default role off the mappings of functions, and not off those of aliases. */
function leaveRolesToFunctions(resources) {
  for (const mapping of Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')) {
    mapping.DependsOn = mapping.DependsOn.filter((id) => id !== DEFAULT_ROLE);
  }
}

function namingAliases(node, aliases) {
  if (typeof node === 'string') {
    return node.replace(/\$\{(\w+)\.Arn\}/g, (arn, id) => (aliases.has(id) ? `\${${aliases.get(id)}}` : arn));
  }
  if (Array.isArray(node)) return node.map((one) => namingAliases(one, aliases));
  if (node === null || typeof node !== 'object') return node;
  const [id, attribute] = [node['Fn::GetAtt'] ?? []].flat().flatMap((part) => part.split('.'));
  if (attribute === 'Arn' && aliases.has(id)) return { Ref: aliases.get(id) };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, namingAliases(value, aliases)]));
}

module.exports = Release;
