'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { releaseResources } = require('../deployment_groups.cjs');

function made(resources, others = {}) {
  return releaseResources({
    prefix: 'orders-prod',
    functions: [
      { name: 'place-order', fullName: 'orders-prod-place-order', groupId: 'PlaceGroup', shift: 'AllAtOnce' },
      { name: 'get-order', fullName: 'orders-prod-get-order', groupId: 'GetGroup', shift: 'AllAtOnce' },
    ],
    hookIds: [],
    permissionsBoundary: '',
    resources,
    ...others,
  });
}

function alarm(...functions) {
  return { Type: 'AWS::CloudWatch::Alarm', Metadata: { RollsBack: functions } };
}

test('an alarm stops and rolls back the functions that it names', () => {
  const composite = { ...alarm('place-order', 'get-order'), Type: 'AWS::CloudWatch::CompositeAlarm' };
  const { PlaceGroup, GetGroup } = made({ Errors: alarm('place-order'), Cannot: composite, Queue: { Type: 'AWS::CloudWatch::Alarm' } });
  assert.deepEqual(PlaceGroup.Properties.AlarmConfiguration, { Enabled: true, Alarms: [{ Name: { Ref: 'Errors' } }, { Name: { Ref: 'Cannot' } }] });
  assert.deepEqual(GetGroup.Properties.AlarmConfiguration, { Enabled: true, Alarms: [{ Name: { Ref: 'Cannot' } }] });
});

test('a function without such an alarm has no alarm configuration', () => {
  assert.equal(made({}).PlaceGroup.Properties.AlarmConfiguration, undefined);
});

test('an alarm that names an unknown function is refused', () => {
  assert.throws(() => made({ Errors: alarm('place-ordr') }), /Errors rolls back "place-ordr"/);
});

test('more alarms than CodeDeploy allows are refused', () => {
  const alarms = Object.fromEntries([...Array(11).keys()].map((number) => [`Alarm${number}`, alarm('get-order')]));
  assert.throws(() => made(alarms), /11 alarms roll back get-order; CodeDeploy allows 10/);
});

test('the role of CodeDeploy may call the hooks and no other function, and has its boundary', () => {
  const { DeploymentRole } = made({}, { hookIds: ['CheckFunction'], permissionsBoundary: 'arn:boundary' });
  const [{ PolicyDocument }] = DeploymentRole.Properties.Policies;
  const calls = PolicyDocument.Statement.filter(({ Action }) => Action.includes('lambda:InvokeFunction'));
  assert.deepEqual(calls, [
    { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [{ 'Fn::GetAtt': ['CheckFunction', 'Arn'] }] },
  ]);
  assert.equal(DeploymentRole.Properties.PermissionsBoundary, 'arn:boundary');
});
