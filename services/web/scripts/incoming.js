// The orders of one restaurant: shows what the server says of them, also after a lost connection, and answers them.

import * as api from './api.js';
import { attempt } from './attempt.js';
import { ring } from './chime.js';
import * as live from './live.js';
import { byId, say, whileBusy } from './page.js';
import { SignInNeeded } from './session.js';
import * as tickets from './tickets.js';
import { explain } from './words.js';

// The server says when an order changes. These looks are for when it cannot.
const PAUSE_MILLISECONDS = 10000;
const FIRST_RETRY_MILLISECONDS = 1000;
const LONGEST_RETRY_MILLISECONDS = 30000;
const TICK_MILLISECONDS = 1000;
/** Orders that came and went between two looks are found by the next look at all that have ended. */
const ENDED_MAX_AGE_MILLISECONDS = 30000;
const MOST_PAGES = 5;
const ENDS = ['accepted', 'rejected', 'expired', 'cancelled'];
const TITLE = document.title;

/** The restaurant whose orders are shown; a new object at each start, so that answers that come too late are known. */
let shown = null;
/** Orders by id: those that wait, oldest first, and those that have ended. */
let waiting = new Map();
let ended = new Map();
let endedAt = -Infinity;
/** Orders whose answer from here is under way. */
const answering = new Set();
let timer = 0;
let looking = null;
let isAsked = false;
let retry = FIRST_RETRY_MILLISECONDS;
let lostAt = null;
let screen = null;
let unwatch = null;

export function connect() {
  tickets.connect((orderId, answer, button) => whileBusy(button, () => give(orderId, answer)));
  byId('try-now').addEventListener('click', (event) => whileBusy(event.currentTarget, look));
  addEventListener('online', look);
  // A look that fails says so at once.
  addEventListener('offline', look);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    look();
    keepAwake();
  });
  setInterval(() => {
    if (tickets.tick()) look();
  }, TICK_MILLISECONDS);
}

/**
 * Shows a restaurant's orders until `stop`.
 *
 * @param {string} name
 * @param {{leaveIfRemoved: () => Promise<boolean>, onSignInNeeded: () => void}} hooks what to do when the caller may be no
 *   longer on its staff, which `leaveIfRemoved` finds out, or has to sign in again
 */
export function start(name, hooks) {
  stop();
  shown = { name, ...hooks };
  look();
  keepAwake();
}

export function stop() {
  clearTimeout(timer);
  unwatch?.();
  unwatch = null;
  shown = null;
  waiting = new Map();
  ended = new Map();
  endedAt = -Infinity;
  connected();
  tickets.clear();
  document.title = TITLE;
  screen?.release();
  screen = null;
}

/** Looks for orders now; asked again while it looks, it looks once more. */
function look() {
  clearTimeout(timer);
  if (!shown) return undefined;
  isAsked = true;
  looking ??= lookWhileAsked().finally(() => {
    looking = null;
  });
  return looking;
}

async function lookWhileAsked() {
  let pause = PAUSE_MILLISECONDS;
  while (isAsked && shown) {
    isAsked = false;
    pause = await lookOnce(shown);
  }
  if (shown) timer = setTimeout(look, pause);
}

/** @returns {Promise<number>} after how many milliseconds to look again. */
async function lookOnce(place) {
  try {
    await load(place);
  } catch (error) {
    if (place !== shown) return PAUSE_MILLISECONDS;
    if (error instanceof SignInNeeded) place.onSignInNeeded();
    else if (!(await isRemoval(error, place)) && place === shown) return lost(error);
  }
  return PAUSE_MILLISECONDS;
}

async function load(place) {
  const { orders, isComplete } = await listWaiting(place.name);
  if (place !== shown) return;
  connected({ again: Boolean(lostAt) });
  // Only now: who is refused the list needs no ticket, and functions that have to start first do so one after another.
  unwatch ??= live.watch(look, { restaurantName: place.name });
  const before = waiting;
  const isFirst = endedAt === -Infinity;
  waiting = new Map(orders.filter(({ orderId }) => !ended.has(orderId)).map((order) => [order.orderId, order]));
  const gone = [...before.values()].filter(
    ({ orderId }) => !waiting.has(orderId) && !ended.has(orderId) && !answering.has(orderId),
  );
  if (gone.length || Date.now() - endedAt > ENDED_MAX_AGE_MILLISECONDS) await loadEnded(place);
  if (place !== shown) return;
  render();
  byId('more-waiting').hidden = isComplete;
  const arrived = isFirst ? [] : [...waiting.values()].filter(({ orderId }) => !before.has(orderId));
  const news = gone.map((order) => whatBecameOf(ended.get(order.orderId) ?? order));
  if (arrived.length === 1) news.push(`${tickets.nameOf(arrived[0])} has come in.`);
  else if (arrived.length) news.push(`${arrived.length} orders have come in.`);
  if (arrived.length) ring();
  if (news.length) say(news.join(' '));
}

async function listWaiting(name) {
  const orders = [];
  let cursor = null;
  for (let page = 1; page <= MOST_PAGES && (page === 1 || cursor); page += 1) {
    const found = await api.listOrdersOf(name, 'waiting', cursor);
    orders.push(...found.orders);
    cursor = found.nextCursor;
  }
  return { orders, isComplete: !cursor };
}

async function loadEnded(place) {
  const pages = await Promise.all(ENDS.map((state) => api.listOrdersOf(place.name, state)));
  if (place !== shown) return;
  endedAt = Date.now();
  for (const order of pages.flatMap((page) => page.orders)) conclude(order);
}

/** Takes note of what became of an order; whatever the list of waiting orders still says, it is no longer one. */
function conclude(order) {
  ended.set(order.orderId, order);
  waiting.delete(order.orderId);
  tickets.end(order);
}

/** Accepts or rejects an order; both are safe to repeat, here and on another tablet. */
async function give(orderId, answer) {
  const place = shown;
  const order = waiting.get(orderId);
  if (!order || answering.has(orderId)) return;
  await attempt('Sign in to answer orders.', async () => {
    answering.add(orderId);
    try {
      const answered = await api.answerOrder(orderId, answer);
      if (place !== shown) return;
      conclude(answered);
      render();
      say(`${tickets.nameOf(order)}: ${tickets.outcomeOf(answered).toLowerCase()}.`);
    } catch (error) {
      if (place !== shown) return;
      if (error instanceof api.Refused && error.status === 409) await sayWhatStands(place, order);
      else if (!(await isRemoval(error, place))) throw error;
    } finally {
      answering.delete(orderId);
    }
  });
}

/** Says what became of an order that cannot be answered any more. */
async function sayWhatStands(place, order) {
  await loadEnded(place);
  if (place !== shown) return;
  render();
  say(`Too late. ${whatBecameOf(ended.get(order.orderId) ?? order)}`, { bad: true });
}

function whatBecameOf(order) {
  const name = tickets.nameOf(order);
  switch (order.state) {
    case 'accepted':
      return `${name} was accepted on another device.`;
    case 'rejected':
      return `${name} was declined on another device.`;
    case 'cancelled':
      return `The customer has cancelled ${name}.`;
    case 'expired':
      return `${name} was not answered in time.`;
    default:
      return `${name} is no longer waiting.`;
  }
}

function render() {
  tickets.showWaiting([...waiting.values()]);
  tickets.showEnded(
    [...ended.values()].sort((one, other) => Date.parse(tickets.changedAt(other)) - Date.parse(tickets.changedAt(one))),
  );
  renderTitle();
}

function renderTitle() {
  const count = waiting.size ? `(${waiting.size}) ` : '';
  document.title = `${lostAt ? 'No connection: ' : count}${shown.name}`;
}

function connected({ again = false } = {}) {
  retry = FIRST_RETRY_MILLISECONDS;
  lostAt = null;
  byId('connection').hidden = true;
  if (!again) return;
  renderTitle();
  say('Connected again.');
}

/** @returns {number} after how many milliseconds to look again: a little later each time. */
function lost(error) {
  lostAt ??= new Date();
  const since = lostAt.toLocaleTimeString(undefined, { timeStyle: 'short' });
  const why = error instanceof api.Refused ? error.message : explain(error)[1];
  const text = `${why} What you see is from ${since}; this page keeps trying by itself.`;
  // An alert is read out whenever it is written.
  if (byId('connection-text').textContent !== text) byId('connection-text').textContent = text;
  byId('connection').hidden = false;
  renderTitle();
  const pause = retry;
  retry = Math.min(retry * 2, LONGEST_RETRY_MILLISECONDS);
  return pause;
}

/** Whether an error means that the caller is no longer on the staff; then the page has left the restaurant. */
async function isRemoval(error, place) {
  return error instanceof api.Refused && error.status === 403 && place.leaveIfRemoved().catch(() => false);
}

/** A screen that goes dark hides new orders. Browsers drop the lock of a hidden page, and may refuse one to save power. */
async function keepAwake() {
  if (!shown || document.hidden || screen?.released === false) return;
  const lock = await navigator.wakeLock?.request('screen').catch(() => null);
  if (shown) screen = lock;
  else lock?.release();
}
