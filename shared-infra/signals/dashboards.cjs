'use strict';

const { declared, ofFunction, ofLambda, ofQueue } = require('./measures.cjs');

const [WIDTH, HEIGHT, COLUMNS] = [12, 6, 2];

/** The dashboard of a stack: what its own file draws first, then what every service has. */
function dashboardOf(stage, subjects, levels) {
  const drawn = levels.dashboard.map(({ title, metrics }) => ({ title, lines: metrics.map((one) => declared(stage, one)) }));
  const widgets = [...drawn, ...standardGraphs(stage, subjects)].map((graph, index) => widget(graph, index));
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      // One pattern of names for all stacks, so that the policies of deployers stay short.
      DashboardName: `big-mouth-${stage.stage}-${stage.service}`,
      DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) },
    },
  };
}

function standardGraphs(stage, { routes, workers, streams, queues }) {
  const names = (subjects) => subjects.map(({ name }) => name);
  const [ofRoutes, ofWorkers] = [names(routes), names(workers)];
  const graphs = [
    ['Requests', ofRoutes.map((name) => ofLambda(stage, name, 'Invocations', 'Sum'))],
    [
      'Requests that failed',
      ofRoutes.flatMap((name) => [ofLambda(stage, name, 'Errors', 'Sum'), ofFunction(stage, name, 'ServerError', 'Sum')]),
    ],
    ['99 of 100 answers, in milliseconds', ofRoutes.map((name) => ofLambda(stage, name, 'Duration', 'p99'))],
    ['Events worked on', ofWorkers.map((name) => ofLambda(stage, name, 'Invocations', 'Sum'))],
    ['Failed invocations', ofWorkers.map((name) => ofLambda(stage, name, 'Errors', 'Sum'))],
    ['Age of the oldest change, in milliseconds', names(streams).map((name) => ofLambda(stage, name, 'IteratorAge', 'Maximum'))],
    [
      'Age of the oldest message, in seconds',
      names(queues).map((name) => ofQueue(stage, name, 'ApproximateAgeOfOldestMessage', 'Maximum')),
    ],
    [
      'Failed messages',
      names(queues).map((name) => ofQueue(stage, `${name}-dlq`, 'ApproximateNumberOfMessagesVisible', 'Maximum')),
    ],
  ];
  return graphs.map(([title, lines]) => ({ title, lines })).filter(({ lines }) => lines.length);
}

function widget({ title, lines }, index) {
  return {
    type: 'metric',
    x: (index % COLUMNS) * WIDTH,
    y: Math.floor(index / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: {
      title,
      region: '${AWS::Region}',
      period: 300,
      metrics: lines.map(({ namespace, name, dimensions, statistic }) => [
        namespace,
        name,
        ...Object.entries(dimensions).flatMap(([key, value]) => [key, value.Ref ? `\${${value.Ref}}` : value]),
        { stat: statistic, label: label(name, dimensions, statistic) },
      ]),
    },
  };
}

/** What tells the lines of a graph apart: a function, a queue, or the metric itself. */
function label(name, { FunctionName, QueueName, function: key }, statistic) {
  const subject = FunctionName ?? QueueName ?? key;
  const measured = statistic.startsWith('p') ? `${name} ${statistic}` : name;
  return subject ? `${subject} ${measured}` : measured;
}

module.exports = { dashboardOf };
