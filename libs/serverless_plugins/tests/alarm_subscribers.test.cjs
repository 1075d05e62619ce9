'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const alarmSubscribers = require('../../../shared-infra/alarm-subscribers.cjs');

const subscribed = async (list) =>
  Object.values((await alarmSubscribers({ resolveVariable: async () => list })).Resources).map(
    ({ Properties: { Protocol, Endpoint } }) => [Protocol, Endpoint]
  );

test('nobody is subscribed by default', async () => {
  assert.deepEqual(await subscribed(''), []);
});

test('mail addresses and HTTPS endpoints are subscribed', async () => {
  assert.deepEqual(await subscribed('ops@example.com, https://pager.example.com/big-mouth?key=1'), [
    ['email', 'ops@example.com'],
    ['https', 'https://pager.example.com/big-mouth?key=1'],
  ]);
});

test('a list in another order names the same resources', async () => {
  const named = async (list) => Object.keys((await alarmSubscribers({ resolveVariable: async () => list })).Resources).sort();
  assert.deepEqual(await named('a@example.com,b@example.com'), await named('b@example.com,a@example.com'));
});

for (const wrong of ['ops', 'http://pager.example.com', 'ops@example', 'https://']) {
  test(`${wrong} is refused`, async () => {
    await assert.rejects(subscribed(wrong), /neither a mail address nor an https/);
  });
}
