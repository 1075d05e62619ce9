'use strict';

/**
 * The default quotas of an account in a region, for all its APIs together: a higher limit of a route never takes effect.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const MOST = { requestsPerSecond: 10_000, burst: 5_000 };

/** A stage parameter of the command line is a text. Values are checked below, where a refusal can name the route. */
const VALUE = { anyOf: [{ type: 'number' }, { type: 'string' }] };

/** The schema of an http event's `throttle`. */
const THROTTLE = {
  type: 'object',
  properties: { requestsPerSecond: VALUE, burst: VALUE },
  required: ['requestsPerSecond', 'burst'],
  additionalProperties: false,
};

/**
 * The method settings of an API's stage: a default for each route, and the routes that declare limits of their own.
 *
 * API Gateway keeps a token bucket for each method: `burst` tokens, refilled at `requestsPerSecond`.
 *
 * @param {Record<string, {events?: object[]}>} functions The service's functions by name.
 * @param {{requestsPerSecond: number | string, burst: number | string}} byDefault The limits of every other route.
 * @throws {RangeError} A limit is not a number from which API Gateway could let any request through.
 */
function methodSettings(functions, byDefault) {
  const routes = Object.values(functions)
    .flatMap(({ events = [] }) => events)
    .filter(({ http }) => http?.throttle)
    .map(({ http: { method, path, throttle } }) => setting(method.toUpperCase(), path.replace(/^\/?/, '/'), throttle));
  const all = { ResourcePath: '/*', HttpMethod: '*', ...limits('every route', byDefault) };
  return [all, ...routes];
}

function setting(method, path, throttle) {
  return {
    ResourcePath: path === '/' ? path : `/${path.replaceAll('/', '~1')}`,
    HttpMethod: method,
    ...limits(`${method} ${path}`, throttle),
  };
}

function limits(route, { requestsPerSecond, burst }) {
  return {
    ThrottlingRateLimit: checked(route, 'requestsPerSecond', requestsPerSecond),
    ThrottlingBurstLimit: checked(route, 'burst', burst),
  };
}

function checked(route, name, value) {
  const number = String(value).trim() === '' ? NaN : Number(value);
  const isWhole = name !== 'burst' || Number.isInteger(number);
  if (number > 0 && number <= MOST[name] && isWhole) return number;
  const kind = name === 'burst' ? 'whole number' : 'number';
  throw new RangeError(
    `The throttle of ${route} has ${name} ${JSON.stringify(value)}. Set a ${kind} above 0, ` +
      `up to ${MOST[name]}: API Gateway's default quota for an account.`,
  );
}

module.exports = { THROTTLE, methodSettings };
