'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const FinishTemplate = require('../template.cjs');

const shared = { target: { lambdaEndpoints: {} }, throttling: { requestsPerSecond: 1, burst: 1 } };

/** The resources of a template once the plugin has finished it. */
function finished(resources) {
  const service = { provider: { compiledCloudFormationTemplate: { Resources: resources } }, custom: { shared } };
  new FinishTemplate({ service }).finish();
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
