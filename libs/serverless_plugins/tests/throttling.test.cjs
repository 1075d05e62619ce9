'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { methodSettings } = require('../throttling.cjs');

const byDefault = { requestsPerSecond: 100, burst: 50 };

/** The settings of routes with these throttles, one function each. */
function settings(...routes) {
  const functions = routes.map(([method, path, throttle]) => ({ events: [{ http: { method, path, throttle } }] }));
  return methodSettings({ ...functions, queue: { events: [{ sqs: {} }] }, step: {} }, byDefault).slice(1);
}

test('a route without limits of its own has those of every route', () => {
  assert.deepEqual(methodSettings({ one: { events: [{ http: { method: 'get', path: '/' } }] } }, byDefault), [
    { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 },
  ]);
});

test('a route may have limits of its own, under its path as CloudFormation writes it', () => {
  assert.deepEqual(settings(['POST', '/orders/{orderId}/cancel', { requestsPerSecond: '7.5', burst: '3' }]), [
    { ResourcePath: '/~1orders~1{orderId}~1cancel', HttpMethod: 'POST', ThrottlingRateLimit: 7.5, ThrottlingBurstLimit: 3 },
  ]);
});

test('the root is a slash, and a path may be written without the first one', () => {
  const throttle = { requestsPerSecond: 1, burst: 1 };
  const paths = settings(['GET', '/', throttle], ['get', 'orders', throttle]).map(
    ({ HttpMethod, ResourcePath }) => `${HttpMethod} ${ResourcePath}`,
  );
  assert.deepEqual(paths, ['GET /', 'GET /~1orders']);
});

for (const [throttle, named] of [
  [{ requestsPerSecond: 0, burst: 1 }, 'requestsPerSecond 0. Set a number above 0, up to 10000'],
  [{ requestsPerSecond: 10_001, burst: 1 }, 'requestsPerSecond 10001. Set a number above 0, up to 10000'],
  [{ requestsPerSecond: 'many', burst: 1 }, 'requestsPerSecond "many". Set a number above 0, up to 10000'],
  [{ requestsPerSecond: '', burst: 1 }, 'requestsPerSecond "". Set a number above 0, up to 10000'],
  [{ requestsPerSecond: 1, burst: 1.5 }, 'burst 1.5. Set a whole number above 0, up to 5000'],
  [{ requestsPerSecond: 1, burst: 5_001 }, 'burst 5001. Set a whole number above 0, up to 5000'],
]) {
  test(`${JSON.stringify(throttle)} is refused with the route, the value and what may stand there`, () => {
    assert.throws(
      () => settings(['POST', '/orders', throttle]),
      (error) => error instanceof RangeError && error.message.startsWith(`The throttle of POST /orders has ${named}`),
    );
  });
}

test('wrong limits of a stage are named as those of every route', () => {
  assert.throws(() => methodSettings({}, { requestsPerSecond: 1, burst: 0 }), /The throttle of every route has burst 0\./);
});
