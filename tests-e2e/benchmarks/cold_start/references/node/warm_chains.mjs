/**
 * Chains around the same handler for Node, called in process: prints nanoseconds of CPU time per invocation
 * on standard error.
 *
 *     node warm_chains.mjs CHAIN WARM-UP INVOCATIONS < EVENTS
 */

import { readFileSync, writeSync } from 'node:fs';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import ssm from '@middy/ssm';
import validator from '@middy/validator';
import { transpileSchema } from '@middy/validator/transpile';
import { requestSchema, responseSchema } from './schemas.mjs';

const RESTAURANTS = ['Fangtasia', "Freddy's BBQ Joint", 'Pizza Planet', 'Shinra'].map((name, index) => ({
  name,
  image: `https://example.com/assets/${index + 1}.svg`,
  themes: ['cartoon', 'rainbow'],
}));
const context = {
  awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  functionName: 'restaurants-local-search-restaurants',
  functionVersion: '$LATEST',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:search-restaurants',
  getRemainingTimeInMillis: () => 30_000,
};
const headers = { 'content-type': 'application/json' };

/** Answers without AWS; asked once, since the value is kept. */
class FakeSsm {
  async send() {
    return { Parameters: [{ Name: '/config', Value: '{"defaultResults": 4}', Type: 'String' }], InvalidParameters: [] };
  }
}

async function bare(event) {
  const body = JSON.parse(event.body);
  if (!('theme' in body)) return { statusCode: 400, headers, body: '{}' };
  return { statusCode: 200, headers, body: JSON.stringify(RESTAURANTS.slice(0, body.count ?? 4)) };
}

/** The response is validated as the object that it is before it is written, as pydantic does. */
function chain(search) {
  return middy()
    .use(httpJsonBodyParser())
    .use({
      after: (request) => {
        request.response = { statusCode: 200, headers, body: JSON.stringify(request.response.body) };
      },
    })
    .use(validator({ eventSchema: transpileSchema(requestSchema), responseSchema: transpileSchema(responseSchema) }))
    .use(ssm({ AwsClient: FakeSsm, fetchData: { config: '/config' }, setToContext: true, cacheExpiry: -1 }))
    .use(httpErrorHandler({ logger: false }))
    .handler(search);
}

function found(event, { config }) {
  return { statusCode: 200, body: RESTAURANTS.slice(0, event.body.count ?? config.defaultResults) };
}

function middyChain() {
  return chain(async (event, given) => found(event, given));
}

function middyWithPowertools() {
  const logger = new Logger();
  const metrics = new Metrics();
  const inner = middyChain();
  return middy(async (event, given) => {
    // By hand, which is quicker than to have it searched for.
    logger.appendKeys({ correlation_id: event.requestContext.requestId });
    metrics.addMetric('Searches', 'Count', 1);
    const answered = await inner(event, given);
    logger.info('answered', { status: answered.statusCode });
    return answered;
  })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics));
}

const CHAINS = { bare: () => bare, middy: middyChain, middy_with_powertools: middyWithPowertools };

const [, , name, ...counts] = process.argv;
const [warmUp, invocations] = counts.map(Number);
const [good, bad] = JSON.parse(readFileSync(0, 'utf8'));
const handle = CHAINS[name]();
// Parsers put the parsed body into the event, so that each invocation needs an event of its own.
const event = (number) => ({ ...(number % 10 ? good : bad) });

for (let number = 0; number < warmUp; number += 1) await handle(event(number), context);
const statuses = [(await handle(event(0), context)).statusCode, (await handle(event(1), context)).statusCode];
if (statuses.join() !== '400,200') throw new Error(`${name} answers ${statuses}`);
const since = process.cpuUsage();
for (let number = 0; number < invocations; number += 1) await handle(event(number), context);
const { user, system } = process.cpuUsage(since);
writeSync(2, `${((user + system) * 1000) / invocations}\n`);
