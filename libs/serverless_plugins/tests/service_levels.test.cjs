'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');

const serviceLevels = require('../../../shared-infra/service-levels.cjs');

const SIGNAL = {
  metric: { name: 'OrdersPlaced', function: 'place-order', statistic: 'Sum' },
  above: 1,
  seconds: 60,
  periods: 1,
  breaching: 1,
  reason: 'Because.',
  runbook: 'a-signal',
  missingData: 'notBreaching',
};
const STANDARD = {
  objectives: { default: { p95: 1, p99: 2, reason: 'Because.' } },
  standard: {
    failing: { above: 1, seconds: 60, periods: 5, breaching: 2, reason: 'Because.', runbook: 'failing', missingData: 'notBreaching', stopsReleases: true },
  },
};
const FUNCTIONS = { 'place-order': { events: [{ http: {} }] }, 'expire-order': { events: [{ sqs: {} }] } };

const generate = (own, isOn = 'true') =>
  serviceLevels({
    resolveConfigurationProperty: async ([key]) => ({ functions: FUNCTIONS, provider: { timeout: 6 }, custom: {} })[key],
    resolveVariable: async (name) =>
      name.startsWith('file(')
        ? path.basename(name).startsWith('standard') ? STANDARD : own
        : { 'param:serviceLevels': isOn, 'self:service': 'orders', 'sls:stage': 'prod' }[name],
  });

test('a stage without the parameter has none of it', async () => {
  assert.deepEqual(await generate({}, 'false'), {});
});

test('a route has the signals of routes, and says whose release it stops', async () => {
  const { Resources } = await generate({});
  assert.deepEqual(Object.keys(Resources), ['PlaceOrderFailingAlarm', 'Dashboard']);
  assert.deepEqual(Resources.PlaceOrderFailingAlarm.Metadata, { RollsBack: ['place-order'] });
  assert.equal(Resources.PlaceOrderFailingAlarm.Properties.AlarmName, 'orders-prod-place-order-failing');
});

test('a signal of a service is an alarm with its reason, its runbook and its treatment of missing data', async () => {
  const { ASignalAlarm } = (await generate({ signals: { 'a-signal': SIGNAL } })).Resources;
  assert.equal(ASignalAlarm.Properties.AlarmDescription, 'Because. Runbook: docs/runbooks.md#a-signal');
  assert.equal(ASignalAlarm.Properties.TreatMissingData, 'notBreaching');
  assert.equal(ASignalAlarm.Metadata, undefined);
});

test('a composite alarm names alarms of its stack, and is made after them', async () => {
  const composites = { 'no-orders': { anyOf: ['place-order-failing'], reason: 'Because.', runbook: 'no-orders' } };
  const { NoOrdersAlarm } = (await generate({ composites })).Resources;
  assert.equal(NoOrdersAlarm.Properties.AlarmRule, 'ALARM("orders-prod-place-order-failing")');
  assert.deepEqual(NoOrdersAlarm.DependsOn, ['PlaceOrderFailingAlarm']);
});

const without = (key) => Object.fromEntries(Object.entries(SIGNAL).filter(([name]) => name !== key));
const BAD = [
  ['an unknown key', { alarms: {} }, /service-levels\.yml: \/ must NOT have additional properties: alarms/],
  ['an unknown key of a signal', { signals: { a: { ...SIGNAL, treshold: 1 } } }, /\/signals\/a must NOT have additional properties: treshold/],
  ['no reason', { signals: { a: without('reason') } }, /\/signals\/a must have required property 'reason'/],
  ['no runbook', { signals: { a: without('runbook') } }, /\/signals\/a must have required property 'runbook'/],
  ['no treatment of missing data', { signals: { a: without('missingData') } }, /required property 'missingData'/],
  ['no threshold', { signals: { a: without('above') } }, /\/signals\/a must match exactly one schema/],
  ['an objective without a reason', { objectives: { 'place-order': { p95: 1, p99: 2 } } }, /required property 'reason'/],
  ['an objective of an unknown function', { objectives: { 'plaec-order': STANDARD.objectives.default } }, /no function is called plaec-order/],
  ['a signal of an unknown function', { signals: { a: { ...SIGNAL, metric: { ...SIGNAL.metric, function: 'b' } } } }, /no function is called b/],
  ['a graph of an unknown function', { dashboard: [{ title: 'a', metrics: [{ ...SIGNAL.metric, function: 'b' }] }] }, /no function is called b/],
  ['a composite of an unknown alarm', { composites: { a: { anyOf: ['b'], reason: 'c', runbook: 'a' } } }, /no alarm is called BAlarm/],
];
for (const [what, own, message] of BAD) {
  test(`${what} is refused by its place`, async () => {
    await assert.rejects(generate(own), message);
  });
}
