'use strict';

const { hashOf, partsOf } = require('./api_snapshot.cjs');
const { record, sendTraces } = require('./records.cjs');
const { THROTTLE, methodSettings } = require('./throttling.cjs');

const DEFAULT_ROLE = 'IamRoleLambdaExecution';
const MAKES_LOG_GROUP = 'logs:CreateLogGroup';
const LISTS_STREAMS = 'dynamodb:ListStreams';

/**
 * Completes the compiled template that osls and its plugins make.
 *
 * - Every function's role is named `{service}-{stage}-{function}`, as the function is, so that it can be found and its
 *   length leaves room for a stage name.
 * - API Gateway checks no request: handlers do, in one order (401, 403, 413, 400) and naming each bad field. Its own
 *   validators would answer first, without either. Request models stay, as documentation of the API.
 * - The API's stage is a resource of its own, since that is the one place for throttling limits that AWS and the emulator
 *   both apply on every deployment: `custom.shared.throttling: {requestsPerSecond, burst}` for each route, and an http event's
 *   `throttle` of the same form for its own (throttling.cjs). It has no metrics for each method: CloudWatch bills them as
 *   custom metrics, and nothing reads them.
 * - What the stage records of requests, and the permission of traced functions to send their part, follow from
 *   `custom.shared.records` (records.cjs).
 * - The API's deployment, a copy of the API, is named after what it copies (api_snapshot.cjs), and made after that. osls
 *   names it after the time, so that no two compilations are alike and an unchanged API is deployed again.
 * - A reserved concurrency of 0 is none.
 * - Variables that only some stages have are added to every function's: `custom.shared.target.lambdaEndpoints`.
 * - Every role, wherever it is declared, carries the permissions boundary `custom.shared.permissionsBoundary`, if there is one,
 *   unless it has its own.
 * - No role may make its function's log group: the stack does. A function could bring a group back that is being removed.
 * - Listing DynamoDB's streams, which Lambda wants before it reads one, is granted on all of them: IAM knows it on no single
 *   one, and osls names the stream.
 * - The role that osls makes for functions without one of their own is dropped once no function uses it.
 */
class FinishTemplate {
  constructor(serverless) {
    this.serverless = serverless;
    serverless.configSchemaHandler.defineFunctionEventProperties('aws', 'http', { properties: { throttle: THROTTLE } });
    this.hooks = {
      initialize: () => {
        this.nameRoles();
        this.addEndpoints();
        this.reserveConcurrency();
      },
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.finish(),
    };
  }

  nameRoles() {
    for (const lambda of Object.values(this.serverless.service.functions ?? {})) {
      if (lambda.iamRoleStatements) lambda.iamRoleStatementsName ??= lambda.name;
    }
  }

  addEndpoints() {
    const { provider, custom } = this.serverless.service;
    // In the configuration they could only be empty where a stage has none, never absent.
    provider.environment = { ...provider.environment, ...custom.shared.target.lambdaEndpoints };
  }

  /** Zero, as a stage parameter without a reserve has it, would stop the function. */
  reserveConcurrency() {
    for (const lambda of Object.values(this.serverless.service.functions ?? {})) {
      if (Number(lambda.reservedConcurrency) === 0) delete lambda.reservedConcurrency;
    }
  }

  finish() {
    const { provider, custom } = this.serverless.service;
    const template = provider.compiledCloudFormationTemplate;
    dropUnusedDefaultRole(template.Resources);
    boundRoles(template.Resources, custom.shared.permissionsBoundary);
    leaveLogGroupsToTheStack(template.Resources);
    listStreams(template.Resources);
    sendTraces(template.Resources);
    leaveRequestsToHandlers(template.Resources);
    const deployment = Object.keys(template.Resources).find((id) => isOfType(template.Resources[id], 'Deployment'));
    if (!deployment) return;
    const named = nameDeployment(template.Resources, deployment);
    // Other resources and outputs may wait for the deployment by its name.
    const renamed = JSON.parse(JSON.stringify(template).replaceAll(`"${deployment}"`, `"${named}"`));
    declareStage(renamed.Resources, named, this.methodSettings());
    record(renamed.Resources, this.serverless.service.service, custom.shared.records);
    Object.assign(template, renamed);
  }

  methodSettings() {
    const { functions, custom } = this.serverless.service;
    try {
      return methodSettings(functions, custom.shared.throttling);
    } catch (error) {
      throw error instanceof RangeError ? new this.serverless.classes.Error(error.message) : error;
    }
  }
}

function isOfType(resource, type) {
  return resource.Type === `AWS::ApiGateway::${type}`;
}

function nameDeployment(resources, deployment) {
  resources[deployment].DependsOn = partsOf(resources);
  return `ApiGatewayDeployment${hashOf(resources)}`;
}

function declareStage(resources, deployment, methodSettings) {
  const { StageName, RestApiId } = resources[deployment].Properties;
  delete resources[deployment].Properties.StageName;
  resources.ApiGatewayStage = {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { StageName, RestApiId, DeploymentId: { Ref: deployment }, MethodSettings: methodSettings },
  };
}

function boundRoles(resources, boundary) {
  if (!boundary) return;
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type === 'AWS::IAM::Role') Properties.PermissionsBoundary ??= boundary;
  }
}

function leaveLogGroupsToTheStack(resources) {
  for (const { Type, Properties } of Object.values(resources)) {
    const policies = Type === 'AWS::IAM::Role' ? (Properties.Policies ?? []) : [];
    for (const statement of policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
      if (!Array.isArray(statement.Action)) continue;
      statement.Action = statement.Action.filter((action) => action !== MAKES_LOG_GROUP);
    }
  }
}

function listStreams(resources) {
  for (const { Type, Properties } of Object.values(resources)) {
    const policies = Type === 'AWS::IAM::Role' ? (Properties.Policies ?? []) : [];
    for (const { PolicyDocument } of policies) {
      const listing = PolicyDocument.Statement.filter(({ Action }) => Action.includes(LISTS_STREAMS));
      for (const statement of listing) statement.Action = statement.Action.filter((action) => action !== LISTS_STREAMS);
      if (listing.length) PolicyDocument.Statement.push({ Effect: 'Allow', Action: [LISTS_STREAMS], Resource: '*' });
    }
  }
}

function leaveRequestsToHandlers(resources) {
  for (const [id, resource] of Object.entries(resources)) {
    if (isOfType(resource, 'Method')) delete resource.Properties.RequestValidatorId;
    if (isOfType(resource, 'RequestValidator')) delete resources[id];
  }
}

function dropUnusedDefaultRole(resources) {
  if (!resources[DEFAULT_ROLE]) return;
  const { [DEFAULT_ROLE]: role, ...others } = resources;
  if (!JSON.stringify(others).includes(`"${DEFAULT_ROLE}"`)) delete resources[DEFAULT_ROLE];
}

module.exports = FinishTemplate;
