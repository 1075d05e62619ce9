/**
 * Calls a handler in process, with restaurants in memory in place of DynamoDB: prints nanoseconds of CPU time per
 * invocation on standard error.
 *
 *     node warm.mjs MODULE WARM-UP INVOCATIONS < {"events": [GOOD, BAD], "restaurants": […]}
 */

import { readFileSync, writeSync } from 'node:fs';

const [, , name, ...counts] = process.argv;
const [warmUp, invocations] = counts.map(Number);
const { events, restaurants } = JSON.parse(readFileSync(0, 'utf8'));
const context = {
  awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  functionName: 'restaurants-local-search-restaurants',
  functionVersion: '$LATEST',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:search-restaurants',
  getRemainingTimeInMillis: () => 30_000,
};
const { handle, documents, RESTAURANTS } = await import(`./${name}.mjs`);
if (documents) documents.send = async () => ({ Items: restaurants });
RESTAURANTS?.push(...restaurants);
// Parsers put the parsed body into the event, so that each invocation needs an event of its own.
const event = (number) => ({ ...events[number % 10 ? 0 : 1] });

for (let number = 0; number < warmUp; number += 1) await handle(event(number), context);
const statuses = [(await handle(event(0), context)).statusCode, (await handle(event(1), context)).statusCode];
if (statuses.join() !== '400,200') throw new Error(`${name} answers ${statuses}`);
const since = process.cpuUsage();
for (let number = 0; number < invocations; number += 1) await handle(event(number), context);
const { user, system } = process.cpuUsage(since);
writeSync(2, `${((user + system) * 1000) / invocations}\n`);
// The SDK keeps its connections open, and the process with them.
process.exit();
