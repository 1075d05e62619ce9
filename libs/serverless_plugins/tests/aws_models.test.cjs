'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { awsServices, modelsOf } = require('../aws_models.cjs');

test('services are those that functions have permissions for, each once, by the names that botocore has for them', () => {
  const functions = {
    'place-order': { iamRoleStatements: [{ Action: ['dynamodb:PutItem', 'dynamodb:GetItem'] }, { Action: 'ssm:GetParameter' }] },
    'accept-order': { iamRoleStatements: [{ Action: 'states:SendTaskSuccess' }, { NotAction: 's3:*' }] },
    health: {},
  };
  assert.deepEqual(awsServices(functions), ['dynamodb', 'ssm=GetParameter', 'stepfunctions']);
});

test('what a policy of the template allows counts too', () => {
  const policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [{ Action: 'cognito-idp:AdminGetUser' }] } } };
  assert.deepEqual(awsServices({}, { Policy: policy, Table: { Type: 'AWS::DynamoDB::Table' } }), ['cognito-idp']);
});

test('KMS is not described, since other services call it on a function\'s behalf', () => {
  const functions = { a: { iamRoleStatements: [{ Action: ['kms:Decrypt', 'sqs:SendMessage'] }] } };
  assert.deepEqual(awsServices(functions), ['sqs']);
});

test('of SSM all operations are described where a permission has a wildcard', () => {
  const functions = { a: { iamRoleStatements: [{ Action: ['ssm:GetParameter', 'ssm:Get*'] }] } };
  assert.deepEqual(awsServices(functions), ['ssm']);
});

test('of S3 the operations are described by their names in the API', () => {
  const functions = { a: { iamRoleStatements: [{ Action: ['s3:ListBucket', 's3:GetObject'] }] } };
  assert.deepEqual(awsServices(functions), ['s3=GetObject,ListObjectsV2']);
});

test('a model keeps the texts that botocore asks for, as empty ones', async () => {
  const models = await modelsOf(['s3=GetObject']);
  const [name] = Object.keys(models).filter((file) => file.endsWith('/service-2.json'));
  const { operations, clientContextParams } = JSON.parse(models[name]);
  assert.deepEqual(Object.keys(operations), ['GetObject']);
  assert.ok(Object.values(clientContextParams).every(({ documentation }) => documentation === ''));
});

test('a service without functions calls none', () => {
  assert.deepEqual(awsServices(undefined), []);
});
