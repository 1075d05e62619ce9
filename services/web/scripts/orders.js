// The customer's orders: placing them, how far they have come, and what can still be done.

import * as api from './api.js';
import { attempt } from './attempt.js';
import * as live from './live.js';
import { byId, copyOf, say, whileBusy } from './page.js';
import { inWords, IN_HISTORY, STATES } from './words.js';

// The server says when an order changes. These looks are for when it cannot.
const FIRST_PAUSE_MILLISECONDS = 2000;
const LONGEST_PAUSE_MILLISECONDS = 60000;
const CLOCK_MILLISECONDS = 15000;
/** How many orders are shown at first, so that the restaurants are not far below, and how many more at a time. */
const FEW = 3;
const MANY = 20;
const WAITING = new Set(['placed', 'notified']);

/** Orders by id, in the order in which they are shown: the newest first. */
let orders = new Map();
/** The keys of orders that may or may not have been placed, by restaurant. */
const unanswered = new Map();
/** Grows with each customer: what was asked for one is not shown to the next. */
let customers = 0;
let olderCursor = null;
let visible = FEW;
let timer = 0;
let clock = 0;
let pause = FIRST_PAUSE_MILLISECONDS;
let unwatch = null;

export function connect() {
  byId('older-orders').addEventListener('click', ({ currentTarget }) => whileBusy(currentTarget, showOlder));
  byId('orders').addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (!button) return;
    const order = orders.get(button.closest('.placed-order').dataset.orderId);
    whileBusy(button, () => (button.matches('.cancel-order') ? cancel(order) : place(order.restaurantName)));
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !byId('my-orders').hidden) watch();
  });
}

/** Shows the signed-in customer's orders. */
export async function start() {
  byId('my-orders').hidden = false;
  clock = setInterval(render, CLOCK_MILLISECONDS);
  await load(null);
}

/** Forgets everything of the customer who has signed out. */
export function stop() {
  clearTimeout(timer);
  hear(false);
  clearInterval(clock);
  customers += 1;
  orders = new Map();
  olderCursor = null;
  visible = FEW;
  render();
  byId('my-orders').hidden = true;
}

/** Places an order. One that may have been placed unseen is tried again under its key, so that it stays one order. */
export async function place(restaurantName) {
  const key = unanswered.get(restaurantName) ?? crypto.randomUUID();
  unanswered.set(restaurantName, key);
  await attempt(`Sign in to order from ${restaurantName}.`, async () => {
    const { orderId } = await api.placeOrder(restaurantName, key).catch((error) => {
      if (error instanceof api.Refused && error.status < 500) unanswered.delete(restaurantName);
      throw error;
    });
    unanswered.delete(restaurantName);
    say(`Your order from ${restaurantName} is placed.`);
    const placedAt = new Date().toISOString();
    const order = { orderId, restaurantName, state: 'placed', placedAt, history: [{ state: 'placed', at: placedAt }] };
    orders = new Map([[orderId, order], ...orders]);
    render();
    watch();
  });
}

async function cancel({ orderId, restaurantName }) {
  await attempt(`Sign in to cancel your order from ${restaurantName}.`, async () => {
    try {
      const cancelled = await api.cancelOrder(orderId);
      // Only now: a look meanwhile has put another map in place of the one of before.
      orders.set(orderId, cancelled);
      render();
      say(`Your order from ${restaurantName} is cancelled.`);
      // The button that was pressed is gone.
      rowOf(orderId).querySelector('.order-again').focus();
    } catch (error) {
      // The restaurant has answered first: show what.
      if (error instanceof api.Refused && error.status === 409) await load(null);
      throw error;
    }
  });
}

async function showOlder() {
  visible += MANY;
  if (orders.size < visible && olderCursor) await load(olderCursor);
  else render();
}

function watch() {
  clearTimeout(timer);
  pause = FIRST_PAUSE_MILLISECONDS;
  schedule();
}

function schedule() {
  const isWaiting = [...orders.values()].some(({ state }) => WAITING.has(state));
  hear(isWaiting);
  if (!isWaiting || document.hidden) return;
  timer = setTimeout(() => load(null), pause);
  pause = Math.min(pause * 3, LONGEST_PAUSE_MILLISECONDS);
}

/** Is connected to the server as long as an order may change. */
function hear(isWaiting) {
  if (isWaiting) unwatch ??= live.watch(() => load(null));
  else {
    unwatch?.();
    unwatch = null;
  }
}

/** Loads a page of orders; the first page also brings what has changed. */
async function load(cursor) {
  clearTimeout(timer);
  const customer = customers;
  try {
    const page = await api.listOrders(cursor);
    if (customer !== customers) return;
    const loaded = new Map(page.orders.map((order) => [order.orderId, latest(order)]));
    const isFirstLoad = orders.size === 0;
    const newer = [...orders].filter(([id]) => !loaded.has(id));
    orders = cursor ? new Map([...orders, ...loaded]) : sorted([...newer, ...loaded]);
    if (cursor || isFirstLoad) olderCursor = page.nextCursor ?? null;
    render();
  } catch {
    // Watching is no reason to bother anybody: what is shown stays, and the next look may succeed.
    if (cursor) say('Older orders could not be loaded. Try again.', { bad: true });
  }
  schedule();
}

/** An order that has ended stays so: a page that shows it as waiting was asked for before. */
function latest(order) {
  const known = orders.get(order.orderId);
  return known && !WAITING.has(known.state) ? known : order;
}

function sorted(entries) {
  return new Map(entries.sort(([, one], [, other]) => Date.parse(other.placedAt) - Date.parse(one.placedAt)));
}

const rowOf = (orderId) => byId('orders').querySelector(`[data-order-id="${CSS.escape(orderId)}"]`);

/** Rows stay the same elements, so that they keep the focus and an opened history. */
function render() {
  const list = byId('orders');
  const shown = [...orders.values()].slice(0, visible);
  const gone = new Set(list.children);
  shown.forEach((order, place) => {
    const row = rowOf(order.orderId) ?? newRow(order);
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
    update(row, order);
    gone.delete(row);
  });
  for (const row of gone) row.remove();
  byId('no-orders').hidden = orders.size > 0;
  byId('older-orders').hidden = orders.size <= visible && !olderCursor;
}

function newRow({ orderId, restaurantName, placedAt }) {
  const row = copyOf('order-template');
  row.dataset.orderId = orderId;
  row.querySelector('.where').textContent = restaurantName;
  showTime(row.querySelector('.placed-at'), placedAt, { dateStyle: 'medium', timeStyle: 'short' });
  row.querySelector('.cancel-order').setAttribute('aria-label', `Cancel order from ${restaurantName}`);
  row.querySelector('.order-again').setAttribute('aria-label', `Order again from ${restaurantName}`);
  return row;
}

function update(row, { state, history, answerBy }) {
  const shown = row.querySelector('.state');
  shown.dataset.state = state;
  setText(shown, STATES[state] ?? state);
  const isWaiting = WAITING.has(state);
  row.querySelector('.cancel-order').hidden = !isWaiting;
  row.querySelector('.order-again').hidden = isWaiting;
  const left = row.querySelector('.time-left');
  left.hidden = !isWaiting || !answerBy;
  if (!left.hidden) setText(left, timeLeft(answerBy));
  const steps = row.querySelector('.history');
  if (steps.children.length === history.length) return;
  steps.replaceChildren(
    ...history.map((step) => {
      const element = copyOf('step-template');
      element.querySelector('.what').textContent = IN_HISTORY[step.state] ?? step.state;
      showTime(element.querySelector('time'), step.at, { timeStyle: 'medium' });
      return element;
    }),
  );
}

function timeLeft(answerBy) {
  const seconds = Math.ceil((Date.parse(answerBy) - Date.now()) / 1000);
  return seconds > 0 ? `${inWords(seconds)} left for an answer` : 'The time for an answer is over.';
}

function showTime(element, at, options) {
  element.dateTime = at;
  element.textContent = new Date(at).toLocaleString(undefined, options);
}

/** A screen reader that reads the page is not disturbed by what stays the same. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
