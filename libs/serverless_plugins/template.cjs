'use strict';

const DEFAULT_ROLE = 'IamRoleLambdaExecution';
const READ_AT_DEPLOYMENT = new Set(['AWS::ApiGateway::GatewayResponse', 'AWS::ApiGateway::Authorizer']);

/**
 * Finishes the compiled template where osls and its plugins leave it short.
 *
 * - Every function's role is named `{service}-{stage}-{function}`, as the function is, so that it can be found and its
 *   length leaves room for a stage name.
 * - Gateway responses are in place before the API's deployment, which takes a snapshot of them.
 * - The API's stage is a resource of its own, since that is the one place for throttling limits that AWS and the emulator
 *   both heed on every deployment: `custom.shared.throttling: {requestsPerSecond, burst}`, for each route.
 * - The role that osls makes for functions without one of their own is dropped once no function uses it.
 */
class FinishTemplate {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = {
      initialize: () => this.nameRoles(),
      'after:package:compileEvents': () => this.declareStage(),
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.finish(),
    };
  }

  nameRoles() {
    for (const lambda of Object.values(this.serverless.service.functions ?? {})) {
      if (lambda.iamRoleStatements) lambda.iamRoleStatementsName ??= lambda.name;
    }
  }

  declareStage() {
    const { Resources: resources } = this.serverless.service.provider.compiledCloudFormationTemplate;
    const throttling = this.serverless.service.custom.shared.throttling;
    const [id, deployment] = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::ApiGateway::Deployment') ?? [];
    if (!id) return;
    const { StageName, RestApiId } = deployment.Properties;
    delete deployment.Properties.StageName;
    resources.ApiGatewayStage = {
      Type: 'AWS::ApiGateway::Stage',
      Properties: {
        StageName,
        RestApiId,
        DeploymentId: { Ref: id },
        MethodSettings: [
          {
            ResourcePath: '/*',
            HttpMethod: '*',
            MetricsEnabled: true,
            ThrottlingRateLimit: Number(throttling.requestsPerSecond),
            ThrottlingBurstLimit: Number(throttling.burst),
          },
        ],
      },
    };
  }

  finish() {
    const resources = this.serverless.service.provider.compiledCloudFormationTemplate.Resources;
    orderDeployments(resources);
    dropUnusedDefaultRole(resources);
  }
}

function orderDeployments(resources) {
  const first = Object.keys(resources).filter((id) => READ_AT_DEPLOYMENT.has(resources[id].Type));
  for (const resource of Object.values(resources)) {
    if (resource.Type !== 'AWS::ApiGateway::Deployment') continue;
    resource.DependsOn = [...new Set([...[resource.DependsOn ?? []].flat(), ...first])];
  }
}

function dropUnusedDefaultRole(resources) {
  if (!resources[DEFAULT_ROLE]) return;
  const { [DEFAULT_ROLE]: role, ...others } = resources;
  if (!JSON.stringify(others).includes(`"${DEFAULT_ROLE}"`)) delete resources[DEFAULT_ROLE];
}

module.exports = FinishTemplate;
