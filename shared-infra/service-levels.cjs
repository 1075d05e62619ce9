'use strict';

const path = require('node:path');

const { alarmsOf, compositesOf } = require('./signals/alarms.cjs');
const { dashboardOf } = require('./signals/dashboards.cjs');
const schema = require('./signals/schema.json');

const OWN = 'service-levels.yml';

/**
 * The alarms and the dashboard that follow from a stack's service-levels.yml, and from the signals that all have
 * (signals/standard.yml), on stages with the parameter `serviceLevels`.
 *
 * `routes` are functions that an API calls, `workers` all others; `streams` and `queues` are what workers read.
 */
module.exports = async ({ resolveConfigurationProperty, resolveVariable }) => {
  if (String(await resolveVariable('param:serviceLevels')) !== 'true') return {};
  const stage = { service: await resolveVariable('self:service'), stage: await resolveVariable('sls:stage') };
  const ask = async (...keys) => (await resolveConfigurationProperty(keys)) ?? {};
  const common = await read('standard.yml', path.join(__dirname, 'signals'), resolveVariable);
  const own = await read(OWN, process.cwd(), resolveVariable);
  const levels = { signals: {}, composites: {}, dashboard: [], ...own, standard: common.standard };
  const objectives = { ...common.objectives, ...own.objectives };
  const subjects = subjectsOf(await ask('functions'), await ask('custom'), await ask('provider'), objectives);
  checkNames(levels, Object.keys(await ask('functions')), Object.keys(own.objectives ?? {}), stage.service);
  const isOwner = stage.service === 'shared-infra';
  const topic = { Ref: isOwner ? 'AlarmTopic' : 'AlarmTopicArn' };
  const alarms = alarmsOf(stage, subjects, levels, topic);
  const composites = compositesOf(stage, levels.composites, topic);
  checkComposites(Object.fromEntries(alarms), composites);
  const resources = { ...Object.fromEntries([...alarms, ...composites]), Dashboard: dashboardOf(stage, subjects, levels) };
  return { ...(isOwner ? {} : { Parameters: alarmTopic(stage) }), Resources: resources };
};

async function read(name, folder, resolveVariable) {
  // Only where it is needed: previews have no service levels.
  const Ajv = require('ajv');
  const validate = new Ajv({ allErrors: true, coerceTypes: true }).compile(schema);
  const file = path.relative(process.cwd(), path.join(folder, name));
  const levels = await resolveVariable(`file(./${file})`);
  if (!validate(levels)) throw invalid(file, validate.errors.map(asText));
  return levels;
}

function asText({ instancePath, message, params }) {
  return `${instancePath || '/'} ${message}${params.additionalProperty ? `: ${params.additionalProperty}` : ''}`;
}

function invalid(file, problems) {
  return new Error(`${file}: ${problems.join('; ')}`);
}

function subjectsOf(functions, { eventQueues = {} }, provider, objectives) {
  const all = Object.entries(functions).map(([name, { events = [], timeout = provider.timeout }]) => ({
    name,
    events,
    timeout,
    objective: objectives[name] ?? objectives.default,
    hasDestination: events.some(({ stream }) => stream?.destinations?.onFailure),
  }));
  const has = (kind) => ({ events }) => events.some((event) => event[kind]);
  return {
    routes: all.filter(has('http')),
    workers: all.filter((one) => !has('http')(one)),
    streams: all.filter(has('stream')),
    queues: Object.entries(eventQueues)
      .filter(([, { consumer }]) => consumer)
      .map(([name, { delaySeconds = 0, windowSeconds = 0 }]) => ({
        name,
        delaySeconds: Number(delaySeconds) + Number(windowSeconds),
      })),
  };
}

/** Reports functions that the service does not have: their objective, alarm or graph would be of nothing. */
function checkNames({ signals, dashboard }, functions, objectives, service) {
  const metrics = [...Object.values(signals).map(({ metric }) => metric), ...dashboard.flatMap((graph) => graph.metrics)];
  const named = metrics.filter((one) => one.function && (one.service ?? service) === service).map((one) => one.function);
  const unknown = [...objectives, ...named].filter((name) => !functions.includes(name));
  if (unknown.length) throw invalid(OWN, [`no function is called ${[...new Set(unknown)].join(', ')}`]);
}

function checkComposites(alarms, composites) {
  const unknown = composites.flatMap(([, { DependsOn }]) => DependsOn).filter((id) => !alarms[id]);
  if (unknown.length) throw invalid(OWN, [`no alarm is called ${unknown.join(', ')}`]);
}

function alarmTopic({ stage }) {
  return { AlarmTopicArn: { Type: 'AWS::SSM::Parameter::Value<String>', Default: `/shared-infra/${stage}/alarmTopicArn` } };
}
