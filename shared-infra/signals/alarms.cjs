'use strict';

const { MEASURES, declared } = require('./measures.cjs');

/**
 * The alarms of a stack, as resources of its template.
 *
 * An alarm that speaks for a new version of functions says so: `Metadata: {RollsBack: [function, …]}`.
 */
function alarmsOf(stage, subjects, levels, topic) {
  return [
    ...standardSignals(stage, subjects, levels.standard),
    ...ownSignals(stage, levels.signals),
  ].map(({ name, signal, read, stops }) => alarm(`${stage.service}-${stage.stage}-${name}`, name, signal, read, topic, stops));
}

function standardSignals(stage, subjects, standard) {
  return Object.entries(standard).flatMap(([kind, signal]) =>
    MEASURES[kind].subjects(subjects).map((subject) => ({
      name: subject.name ? `${subject.name}-${kind}` : kind,
      signal,
      read: MEASURES[kind].read(stage, subject, signal),
      stops: signal.stopsReleases ? [subject.name] : [],
    }))
  );
}

function ownSignals(stage, signals) {
  return Object.entries(signals).map(([name, signal]) => ({
    name,
    signal,
    read: { metrics: { watched: declared(stage, signal.metric) }, above: signal.above, belowExpected: signal.belowExpected },
    stops: [],
  }));
}

function alarm(fullName, name, signal, read, topic, stops) {
  const properties = {
    AlarmName: fullName,
    AlarmDescription: description(signal),
    EvaluationPeriods: signal.periods,
    DatapointsToAlarm: signal.breaching,
    TreatMissingData: signal.missingData,
    AlarmActions: [topic],
    OKActions: [topic],
    ...compared(read, signal.seconds),
  };
  const resource = { Type: 'AWS::CloudWatch::Alarm', Properties: properties };
  if (stops.length) resource.Metadata = { RollsBack: stops };
  return [idOf(name), resource];
}

function compared({ metrics, expression, above, belowExpected }, seconds) {
  if (belowExpected) {
    const [[id]] = Object.entries(metrics);
    return {
      ComparisonOperator: 'LessThanLowerThreshold',
      ThresholdMetricId: 'expected',
      Metrics: [
        ...queries(metrics, seconds, true),
        { Id: 'expected', Expression: `ANOMALY_DETECTION_BAND(${id}, ${belowExpected})`, ReturnData: true },
      ],
    };
  }
  const threshold = { ComparisonOperator: 'GreaterThanThreshold', Threshold: above };
  if (!expression) return { ...threshold, ...single(Object.values(metrics)[0], seconds) };
  return {
    ...threshold,
    Metrics: [...queries(metrics, seconds, false), { Id: 'result', Expression: expression, ReturnData: true }],
  };
}

function single({ namespace, name, dimensions, statistic }, seconds) {
  // Of a few answers the slowest says little.
  const percentile = { ExtendedStatistic: statistic, EvaluateLowSampleCountPercentile: 'ignore' };
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: listed(dimensions),
    Period: seconds,
    ...(statistic.startsWith('p') ? percentile : { Statistic: statistic }),
  };
}

function queries(metrics, seconds, isReturned) {
  return Object.entries(metrics).map(([id, { namespace, name, dimensions, statistic }]) => ({
    Id: id,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: name, Dimensions: listed(dimensions) },
      Period: seconds,
      Stat: statistic,
    },
    ReturnData: isReturned,
  }));
}

/** Composite alarms of alarms of the same stack, which they need: an alarm that another names cannot be deleted. */
function compositesOf({ service, stage }, composites, topic) {
  return Object.entries(composites).map(([name, { anyOf, ...signal }]) => [
    idOf(name),
    {
      Type: 'AWS::CloudWatch::CompositeAlarm',
      DependsOn: anyOf.map(idOf),
      Properties: {
        AlarmName: `${service}-${stage}-${name}`,
        AlarmDescription: description(signal),
        AlarmRule: anyOf.map((one) => `ALARM("${service}-${stage}-${one}")`).join(' OR '),
        AlarmActions: [topic],
        OKActions: [topic],
      },
    },
  ]);
}

function description({ reason, runbook }) {
  return `${reason} Runbook: docs/runbooks.md#${runbook}`;
}

function listed(dimensions) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function idOf(name) {
  return `${name.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase())}Alarm`;
}

module.exports = { alarmsOf, compositesOf };
