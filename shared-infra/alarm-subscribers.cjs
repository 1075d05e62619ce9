'use strict';

const { createHash } = require('node:crypto');

/**
 * A subscription of the alarm topic for each mail address and HTTPS endpoint of the parameter `alarmSubscribers`. SNS asks each
 * to confirm it. Resources are named by a hash, so that a list may be reordered.
 */
module.exports = async ({ resolveVariable }) => {
  const subscribers = String(await resolveVariable('param:alarmSubscribers')).split(',').map((one) => one.trim()).filter(Boolean);
  return { Resources: Object.fromEntries(subscribers.map(subscription)) };
};

function subscription(subscriber) {
  const name = createHash('sha256').update(subscriber).digest('hex').slice(0, 16);
  return [
    `AlarmSubscription${name}`,
    {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'AlarmTopic' }, Protocol: protocolOf(subscriber), Endpoint: subscriber },
    },
  ];
}

function protocolOf(subscriber) {
  if (/^https:\/\/[^\s/]+/.test(subscriber)) return 'https';
  if (/^[^\s@:]+@[^\s@]+\.[^\s@]+$/.test(subscriber)) return 'email';
  throw new Error(`alarmSubscribers: ${subscriber} is neither a mail address nor an https:// URL`);
}
