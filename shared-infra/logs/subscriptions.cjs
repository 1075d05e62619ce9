'use strict';

const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const yaml = require('js-yaml');

const SERVICES = path.join(__dirname, '..', '..', 'services');
// `!Sub` and its like, as the texts that they are.
const WITH_TAGS = yaml.DEFAULT_SCHEMA.extend(
  ['scalar', 'sequence', 'mapping'].map((kind) => new yaml.Type('!', { kind, multi: true, construct: (data) => data })),
);

/**
 * A subscription for each log group of the services: those of their functions, and on stages with access logs those of their
 * APIs. It sends what is logged to the stream. The stack deploys after the services, which make the groups.
 */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const hasAccessLogs = String(await resolveVariable('param:accessLogs')) === 'true';
  const groups = services().flatMap((service) => groupsOf(service, stage, hasAccessLogs));
  return { Resources: Object.fromEntries(groups.map((group) => [idOf(group, stage), subscription(group)])) };
};

function services() {
  return readdirSync(SERVICES).filter((name) => existsSync(path.join(SERVICES, name, 'serverless.yml')));
}

function groupsOf(service, stage, hasAccessLogs) {
  const functions = functionsOf(service);
  const hasApi = Object.values(functions).some(({ events = [] }) => events.some((event) => event.http));
  return [
    ...Object.keys(functions).map((name) => `/aws/lambda/${service}-${stage}-${name}`),
    ...(hasAccessLogs && hasApi ? [`/access/${stage}/${service}`] : []),
  ];
}

/** The functions of a service, as they stand: variables of another service cannot be resolved here. */
function functionsOf(service) {
  const text = readFileSync(path.join(SERVICES, service, 'serverless.yml'), 'utf8');
  return yaml.load(text, { schema: WITH_TAGS }).functions ?? {};
}

function subscription(group) {
  return {
    Type: 'AWS::Logs::SubscriptionFilter',
    Properties: {
      LogGroupName: group,
      // Everything.
      FilterPattern: '',
      DestinationArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': ['SubscriptionRole', 'Arn'] },
    },
  };
}

/** An id that does not name the stage, as no id of a template does. */
function idOf(group, stage) {
  const words = group.replace(stage, '').split(/[^A-Za-z0-9]+/).filter(Boolean);
  return `${words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')}Subscription`;
}
