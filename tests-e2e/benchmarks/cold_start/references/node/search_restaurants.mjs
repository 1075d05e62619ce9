/** POST /restaurants/search as it is usually written for Node: middy, the SDK's clients, ajv. */

import { createHmac } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import ssm from '@middy/ssm';
import validator from '@middy/validator';
import { transpileSchema } from '@middy/validator/transpile';
import { requestSchema, responseSchema } from './schemas.mjs';

const { POWERTOOLS_SERVICE_NAME, STAGE, TABLE_NAME } = process.env;
const prefix = `/${POWERTOOLS_SERVICE_NAME}/${STAGE}/search-restaurants`;
export const documents = DynamoDBDocumentClient.from(new DynamoDBClient());

async function search(event, context, report) {
  const { defaultResults } = context.config;
  const { theme, count } = event.body;
  const searcher = createHmac('sha256', context.secret)
    .update(event.requestContext.authorizer.claims.sub)
    .digest('hex')
    .slice(0, 16);
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: TABLE_NAME,
      KeyConditionExpression: 'listing = :listing',
      ExpressionAttributeValues: { ':listing': `theme#${theme.toLowerCase()}` },
      Limit: count ?? defaultResults,
    }),
  );
  report('searched', { theme, results: Items.length, searcher });
  return { statusCode: 200, body: Items.map(({ name, image, themes }) => ({ name, image, themes })) };
}

/** Writes the answer after it was validated as the object that it is. */
const jsonAnswer = {
  after: (request) => {
    const { statusCode, body } = request.response;
    request.response = { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  },
};

/** Build the handler; `report` writes a log line, `middlewares` come first. */
export function chain(report, middlewares = []) {
  const reportAnswer = ({ response }) => report('answered', { status: response.statusCode });
  return middy()
    .use(middlewares)
    .use({ after: reportAnswer, onError: reportAnswer })
    .use(httpJsonBodyParser())
    .use(jsonAnswer)
    .use(validator({ eventSchema: transpileSchema(requestSchema), responseSchema: transpileSchema(responseSchema) }))
    .use(
      ssm({
        AwsClient: SSMClient,
        fetchData: { config: `${prefix}/config`, secret: `${prefix}/secretString` },
        setToContext: true,
        cacheExpiry: 60_000,
        disablePrefetch: false,
      }),
    )
    .use(httpErrorHandler({ logger: false }))
    .handler((event, context) => search(event, context, report));
}

export const handle = chain((message, fields) => console.log(JSON.stringify({ message, ...fields })));
