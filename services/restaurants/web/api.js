// Calls to the services.

import { config } from './page.js';
import { current } from './session.js';

const TRIES = 3;
const PAUSE_MILLISECONDS = 500;

/** The caller has to sign in (again) before this can be done. */
export class SignInNeeded extends Error {}

/** The service said no; `problem` is what it said. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.errors?.map(({ message }) => message).join('. ') || problem.detail || problem.title);
    this.problem = problem;
  }
}

export const search = (theme) => call('POST', `${config.restaurantsUrl}/restaurants/search`, { body: { theme } });

export const listOrders = (cursor) =>
  call('GET', `${config.ordersUrl}/orders${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`);

/** Places one order, however often it has to be sent: all tries carry the same key. */
export const placeOrder = (restaurantName, idempotencyKey) =>
  call('POST', `${config.ordersUrl}/orders`, {
    body: { restaurantName },
    headers: { 'idempotency-key': idempotencyKey },
  });

async function call(method, url, { body, headers = {} } = {}) {
  const session = await current();
  if (!session) throw new SignInNeeded();
  const response = await send(url, {
    method,
    headers: { authorization: session.token, ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  if (response.status === 401) throw new SignInNeeded();
  if (!response.ok) throw new Refused(await response.json().catch(() => ({ title: 'That did not work.' })));
  return response.json();
}

/** All calls are safe to repeat, so what the network or a busy service swallowed is sent again. */
async function send(url, request) {
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt === TRIES;
    try {
      const response = await fetch(url, request);
      if (last || (response.status < 500 && response.status !== 429)) return response;
    } catch (error) {
      if (last) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS * attempt));
  }
}
