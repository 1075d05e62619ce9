/** The same handler with logs and metrics by Powertools for TypeScript. */

import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { chain, documents } from './search_restaurants.mjs';

export { documents };

const logger = new Logger();
const metrics = new Metrics();
const reports = {
  before: ({ event }) => {
    // By hand, which is quicker than to have it searched for.
    logger.appendKeys({ correlation_id: event.requestContext.requestId });
    metrics.addMetric('Searches', 'Count', 1);
  },
};

export const handle = chain(
  (message, fields) => logger.info(message, fields),
  [injectLambdaContext(logger, { resetKeys: true }), logMetrics(metrics), reports],
);
