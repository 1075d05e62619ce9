'use strict';

const { eventSource } = require('./facts.json');

const VISIBILITY_FACTOR = 6;
const DAY_SECONDS = 86_400;

/**
 * The queues from which a service reads events, as `custom.eventQueues` declares them:
 *
 *     eventQueues:
 *       order-placed:
 *         detailTypes: [order_placed]
 *         consumer: notify-restaurant
 *         alarm: What a failure means.
 *         delaySeconds: 900      # optional: how long each event rests before it is read, at most 900
 *         windowSeconds: 300     # optional: the consumer's maximumBatchingWindow, if it is not queueBatchWindowSeconds
 *
 * In place of `detailTypes`, `allDetailTypesBut: [release_check]` takes the events of all other types.
 *
 * Each becomes a queue, a dead-letter queue, policies that allow the rule to send to both, the rule, and alarms. Resources
 * are named after it: `OrderPlacedQueue` is `{service}-{stage}-order-placed`. One without a `consumer` is read by a command.
 *
 * A rule is live as soon as it exists, and EventBridge does not retry a missing permission. So the policies name the rule
 * by its ARN instead of a reference, and are created first.
 */
module.exports = async ({ resolveConfigurationProperty, resolveVariable }) => {
  const prefix = `${await resolveVariable('self:service')}-${await resolveVariable('sls:stage')}`;
  const declared = await resolveConfigurationProperty(['custom', 'eventQueues']);
  const windowSeconds = Number(await resolveVariable('param:queueBatchWindowSeconds'));
  const resources = await Promise.all(
    Object.entries(declared).map(async ([name, { consumer, ...queue }]) => {
      const timeout =
        (consumer && (await resolveConfigurationProperty(['functions', consumer, 'timeout']))) ??
        (await resolveConfigurationProperty(['provider', 'timeout']));
      return eventQueue(`${prefix}-${name}`, { name, timeout, windowSeconds, ...queue });
    })
  );
  return { Resources: Object.assign({}, ...resources) };
};

function eventQueue(fullName, { name, detailTypes, allDetailTypesBut, timeout, windowSeconds, alarm, delaySeconds = 0 }) {
  const id = name.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
  return {
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: fullName,
        SqsManagedSseEnabled: true,
        DelaySeconds: delaySeconds,
        // Longer than a batch may fill and the function may run. A failed message is returned much sooner.
        VisibilityTimeout: VISIBILITY_FACTOR * timeout + Number(windowSeconds),
        MessageRetentionPeriod: 4 * DAY_SECONDS,
        RedrivePolicy: { deadLetterTargetArn: arnOf(`${id}DeadLetterQueue`), maxReceiveCount: 10 },
      },
    },
    [`${id}DeadLetterQueue`]: {
      Type: 'AWS::SQS::Queue',
      // SQS's maximum.
      Properties: { QueueName: `${fullName}-dlq`, SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * DAY_SECONDS },
    },
    [`${id}QueuePolicy`]: letsRuleSend(`${id}Queue`, fullName),
    [`${id}DeadLetterQueuePolicy`]: letsRuleSend(`${id}DeadLetterQueue`, fullName),
    [`${id}Rule`]: {
      Type: 'AWS::Events::Rule',
      DependsOn: [`${id}QueuePolicy`, `${id}DeadLetterQueuePolicy`],
      Properties: {
        Name: fullName,
        EventBusName: { Ref: 'EventBusName' },
        EventPattern: { source: [eventSource], 'detail-type': detailTypes ?? [{ 'anything-but': allDetailTypesBut }] },
        Targets: [
          {
            Id: `${name}-queue`,
            Arn: arnOf(`${id}Queue`),
            RetryPolicy: { MaximumEventAgeInSeconds: DAY_SECONDS, MaximumRetryAttempts: 185 },
            DeadLetterConfig: { Arn: arnOf(`${id}DeadLetterQueue`) },
          },
        ],
      },
    },
    [`${id}DeadLetterAlarm`]: alarmOn(`${fullName}-dlq`, {
      AlarmDescription: `${alarm} Runbook: docs/runbooks.md#${name}-dlq`,
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [`${id}DeadLetterQueue`, 'QueueName'] } }],
    }),
    [`${id}UndeliveredAlarm`]: alarmOn(`${fullName}-undelivered`, {
      AlarmDescription: `EventBridge could not deliver an event to ${fullName}. Runbook: docs/runbooks.md#undelivered`,
      ...ruleMetric('FailedInvocations', fullName),
    }),
    [`${id}EventLostAlarm`]: alarmOn(`${fullName}-event-lost`, {
      AlarmDescription: `EventBridge could deliver an event to neither ${fullName} nor ${fullName}-dlq. Runbook: docs/runbooks.md#event-lost`,
      ...ruleMetric('InvocationsFailedToBeSentToDlq', fullName),
    }),
  };
}

function letsRuleSend(queue, rule) {
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: queue }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arnOf(queue),
            Condition: {
              ArnEquals: {
                'aws:SourceArn': {
                  'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/\${EventBusName}/${rule}`,
                },
              },
            },
          },
        ],
      },
    },
  };
}

function ruleMetric(name, rule) {
  return {
    Namespace: 'AWS/Events',
    MetricName: name,
    Statistic: 'Sum',
    // Rules of a custom bus have both dimensions.
    Dimensions: [
      { Name: 'EventBusName', Value: { Ref: 'EventBusName' } },
      { Name: 'RuleName', Value: rule },
    ],
  };
}

function alarmOn(name, metric) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: name,
      ...metric,
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: 'AlarmTopicArn' }],
    },
  };
}

function arnOf(queue) {
  return { 'Fn::GetAtt': [queue, 'Arn'] };
}
