'use strict';

const MILLISECONDS = 1000;

/** How each standard signal is measured: which subjects it has, and what an alarm reads for one of them. */
const MEASURES = {
  failing: {
    subjects: ({ routes }) => routes,
    read: (stage, { name }, { above }) => ({
      metrics: {
        raised: ofLambda(stage, name, 'Errors', 'Sum'),
        answered: ofFunction(stage, name, 'ServerError', 'Sum'),
        all: ofLambda(stage, name, 'Invocations', 'Sum'),
      },
      expression: '100 * (FILL(raised, 0) + FILL(answered, 0)) / all',
      above,
    }),
  },
  slow: {
    subjects: ({ routes }) => routes,
    read: (stage, { name, objective }) => ({
      metrics: { duration: ofLambda(stage, name, 'Duration', 'p99') },
      above: objective.p99,
    }),
  },
  errors: {
    subjects: ({ workers }) => workers,
    read: (stage, { name }, { above }) => ({ metrics: { raised: ofLambda(stage, name, 'Errors', 'Sum') }, above }),
  },
  'near-timeout': {
    subjects: ({ workers }) => workers,
    read: (stage, { name, timeout }, { above }) => ({
      metrics: { duration: ofLambda(stage, name, 'Duration', 'Maximum') },
      above: (timeout * MILLISECONDS * above) / 100,
    }),
  },
  'iterator-age': {
    subjects: ({ streams }) => streams,
    read: (stage, { name }, { above }) => ({ metrics: { age: ofLambda(stage, name, 'IteratorAge', 'Maximum') }, above }),
  },
  'destination-failed': {
    subjects: ({ streams }) => streams.filter(({ hasDestination }) => hasDestination),
    read: (stage, { name }, { above }) => ({
      metrics: { failed: ofLambda(stage, name, 'DestinationDeliveryFailures', 'Sum') },
      above,
    }),
  },
  'queue-age': {
    subjects: ({ queues }) => queues,
    read: (stage, { name, delaySeconds }, { above }) => ({
      metrics: { age: ofQueue(stage, name, 'ApproximateAgeOfOldestMessage', 'Maximum') },
      above: above + delaySeconds,
    }),
  },
  'queue-stuck': {
    subjects: ({ queues }) => queues,
    read: (stage, { name }, { above }) => ({
      metrics: {
        waiting: ofQueue(stage, name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
        inFlight: ofQueue(stage, name, 'ApproximateNumberOfMessagesNotVisible', 'Maximum'),
      },
      expression: 'IF(DIFF(waiting) > 0 AND DIFF(inFlight) <= 0, waiting, 0)',
      above,
    }),
  },
  'stale-parameter': {
    subjects: ofServiceWithFunctions,
    read: (stage, _, { above }) => ({ metrics: { served: ofService(stage, 'StaleParameterServed', 'Sum') }, above }),
  },
  'invalid-response': {
    subjects: ({ routes }) => (routes.length ? [{ name: '' }] : []),
    read: (stage, _, { above }) => ({ metrics: { sent: ofService(stage, 'InvalidResponse', 'Sum') }, above }),
  },
};

function ofServiceWithFunctions({ routes, workers }) {
  return routes.length || workers.length ? [{ name: '' }] : [];
}

function ofLambda({ service, stage }, name, metric, statistic) {
  return aMetric('AWS/Lambda', metric, { FunctionName: `${service}-${stage}-${name}` }, statistic);
}

function ofQueue({ service, stage }, name, metric, statistic) {
  return aMetric('AWS/SQS', metric, { QueueName: `${service}-${stage}-${name}` }, statistic);
}

/** A metric that a function counts by itself: `service_kit.invocation.metrics`. */
function ofFunction({ service, stage }, name, metric, statistic) {
  return aMetric('BigMouth', metric, { service, stage, function: name }, statistic);
}

/** A metric that is counted for a whole service: `service_kit.invocation.count_for_service`. */
function ofService({ service, stage }, metric, statistic) {
  return aMetric('BigMouth', metric, { service, stage }, statistic);
}

/** A metric as a service's file declares it. */
function declared(stage, { namespace, name, dimensions, statistic, service = stage.service, function: key }) {
  if (namespace) return aMetric(namespace, name, dimensions, statistic);
  const owner = { ...stage, service };
  return key ? ofFunction(owner, key, name, statistic) : ofService(owner, name, statistic);
}

function aMetric(namespace, name, dimensions = {}, statistic) {
  return { namespace, name, dimensions, statistic };
}

module.exports = { MEASURES, declared, ofLambda, ofQueue, ofFunction };
