'use strict';

const { createHash } = require('node:crypto');

// What a deployment of an API holds a copy of. A stage, usage plans and domain names take effect without one.
const PARTS = ['Authorizer', 'GatewayResponse', 'Method', 'Model', 'RequestValidator', 'Resource', 'RestApi'];
// The name of an API does not change its answers.
const NAMES = ['Description', 'Name', 'Tags'];

/** The logical ids of the resources that a deployment of the template's API holds a copy of. */
function partsOf(resources) {
  return Object.keys(resources)
    .filter((id) => PARTS.some((type) => resources[id].Type === `AWS::ApiGateway::${type}`))
    .sort();
}

/** A hash of all that a deployment copies; it changes exactly when the API must be deployed again. */
function hashOf(resources) {
  const parts = partsOf(resources).map((id) => [id, shapeOf(resources[id])]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function shapeOf({ Type, Condition, Properties = {} }) {
  const isApi = Type === 'AWS::ApiGateway::RestApi';
  const own = Object.entries(Properties).filter(([name]) => !(isApi && NAMES.includes(name)));
  return inOneOrder({ Type, Condition, Properties: Object.fromEntries(own) });
}

function inOneOrder(value) {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, inOneOrder(value[name])]),
  );
}

module.exports = { hashOf, partsOf };
