// Calls to the services.

import { config } from './page.js';
import { current, SignInNeeded } from './session.js';
import { refusal } from './words.js';

const TRIES = 3;
const PAUSE_MILLISECONDS = 500;
/** Customers do not wait longer than this for a busy button; then the page says when to come back. */
const LONGEST_WAIT_SECONDS = 5;
/** Longer than any service may take; a network that swallows calls says nothing by itself. */
const LONGEST_ANSWER_MILLISECONDS = 20000;

/** By how much this device's clock is wrong, as far as an answer has told. */
let clockErrorMilliseconds = 0;

/** The time by the services' clock. */
export const now = () => Date.now() - clockErrorMilliseconds;

/** The service said no; the message is what to tell people. */
export class Refused extends Error {
  constructor(status, problem, waitSeconds) {
    super(refusal(status, problem, waitSeconds));
    this.status = status;
  }
}

export const listFavourites = (cursor) => call('GET', `${config.restaurantsUrl}/favourites${from(cursor)}`);
export const addFavourite = (name) => call('PUT', favourite(name));
export const removeFavourite = (name) => call('DELETE', favourite(name));

export const listOrders = (cursor) => call('GET', `${config.ordersUrl}/orders${from(cursor)}`);
export const cancelOrder = (orderId) => call('POST', `${config.ordersUrl}/orders/${encodeURIComponent(orderId)}/cancel`);

/** Places one order, however often it has to be sent: all tries carry the same key. */
export const placeOrder = (restaurantName, idempotencyKey) =>
  call('POST', `${config.ordersUrl}/orders`, {
    body: { restaurantName },
    headers: { 'idempotency-key': idempotencyKey },
  });

/**
 * @param {string} [restaurantName] a restaurant whose orders to hear of too, as its staff
 * @returns {Promise<{url: string, expiresInSeconds: number}>} where to hear of changes; good for one connection.
 */
export const issueTicket = (restaurantName) =>
  call(
    'POST',
    `${config.notificationsUrl}/live/tickets${restaurantName ? `?${new URLSearchParams({ restaurantName })}` : ''}`,
  );

const favourite = (name) => `${config.restaurantsUrl}/favourites/${encodeURIComponent(name)}`;
const from = (cursor) => (cursor ? `?cursor=${encodeURIComponent(cursor)}` : '');

/** The documents that people accept, and what the caller has accepted of each. */
export const listAcceptances = () => call('GET', `${config.webUrl}/acceptances`);
export const accept = (document, version) => call('PUT', `${config.webUrl}/acceptances/${document}/${version}`);

/** The restaurants whose orders the caller may answer. */
export const listMyRestaurants = () => call('GET', `${config.restaurantsUrl}/staff`);

export const listOrdersOf = (restaurantName, state, cursor) =>
  call(
    'GET',
    `${config.ordersUrl}/restaurants/${encodeURIComponent(restaurantName)}/orders?` +
      new URLSearchParams({ state, ...(cursor && { cursor }) }),
  );

/** Accepts or rejects an order, by the name of the route. */
export const answerOrder = (orderId, answer) => call('POST', `${config.ordersUrl}/orders/${orderId}/${answer}`);

/** All tries of a call have one correlation id, by which `stagectl trace` finds what came of it. */
async function call(method, url, { body, headers = {} } = {}) {
  const session = await current();
  if (!session) throw new SignInNeeded();
  const response = await send(url, {
    method,
    headers: { authorization: session.token, 'x-correlation-id': crypto.randomUUID(), ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  const date = Date.parse(response.headers.get('date'));
  if (date) clockErrorMilliseconds = Date.now() - date;
  if (response.status === 401) throw new SignInNeeded();
  if (response.status === 204) return null;
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => null);
  throw new Refused(response.status, problem ?? {}, waitOf(response));
}

/** All calls are safe to repeat, so what the network or a busy service swallowed is sent again. */
async function send(url, request) {
  for (let attempt = 1; ; attempt += 1) {
    let wait = (PAUSE_MILLISECONDS * attempt) / 1000;
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(LONGEST_ANSWER_MILLISECONDS) });
      wait = waitOf(response) || wait;
      const passes = response.status >= 500 || response.status === 429;
      if (!passes || attempt === TRIES || wait > LONGEST_WAIT_SECONDS) return response;
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
}

/** @returns {number} the seconds of `Retry-After`, which may be a date, or 0. */
function waitOf(response) {
  const said = response.headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 0;
}
