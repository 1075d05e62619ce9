'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const FinishTemplate = require('../template.cjs');

const shared = { target: { lambdaEndpoints: {} }, throttling: { requestsPerSecond: 1, burst: 1 } };

/** The resources of a template once the plugin has finished it. */
function finished(resources, custom = {}) {
  const service = { provider: { compiledCloudFormationTemplate: { Resources: resources } }, custom: { shared, ...custom } };
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

test('a route may have limits of its own, under its path as CloudFormation writes it', () => {
  const limits = { requestsPerSecond: '7', burst: '3' };
  const { ApiGatewayStage } = finished(api(), { throttling: { 'POST /orders/{orderId}/cancel': limits } });
  assert.deepEqual(ApiGatewayStage.Properties.MethodSettings, [
    { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 },
    { ResourcePath: '/~1orders~1{orderId}~1cancel', HttpMethod: 'POST', ThrottlingRateLimit: 7, ThrottlingBurstLimit: 3 },
  ]);
});
