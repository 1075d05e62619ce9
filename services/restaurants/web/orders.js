// My orders, and how far they have come.

import * as api from './api.js';
import { byId, say } from './page.js';

const FIRST_PAUSE_MILLISECONDS = 1000;
const LONGEST_PAUSE_MILLISECONDS = 15000;
const UNDER_WAY = new Set(['placed', 'notified']);
const IN_PLAIN_WORDS = {
  placed: 'Placed, telling the restaurant …',
  notified: 'The restaurant knows',
  accepted: 'Accepted',
  rejected: 'Declined by the restaurant',
  expired: 'The restaurant did not answer',
  cancelled: 'Cancelled',
};

/** Orders by id, in the order in which they are shown: the newest first. */
let orders = new Map();
let olderCursor = null;
let timer = 0;
let pause = FIRST_PAUSE_MILLISECONDS;

export function connect() {
  byId('older-orders').addEventListener('click', () => load(olderCursor));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !byId('my-orders').hidden) watch();
  });
}

/** Shows the signed-in customer's orders. */
export async function start() {
  byId('my-orders').hidden = false;
  await load(null);
}

/** Forgets everything of the customer who has signed out. */
export function stop() {
  clearTimeout(timer);
  orders = new Map();
  olderCursor = null;
  render();
  byId('my-orders').hidden = true;
}

/** Shows an order that was placed just now on top. */
export function add(order) {
  orders = new Map([[order.orderId, order], ...orders]);
  render();
  watch();
}

function watch() {
  clearTimeout(timer);
  pause = FIRST_PAUSE_MILLISECONDS;
  schedule();
}

function schedule() {
  const waiting = [...orders.values()].some(({ state }) => UNDER_WAY.has(state));
  if (!waiting || document.hidden) return;
  timer = setTimeout(() => load(null), pause);
  pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLISECONDS);
}

/** Loads a page of orders; the first page also brings what has changed. */
async function load(cursor) {
  clearTimeout(timer);
  try {
    const page = await api.listOrders(cursor);
    const loaded = new Map(page.orders.map((order) => [order.orderId, order]));
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

function sorted(entries) {
  return new Map(entries.sort(([, one], [, other]) => Date.parse(other.placedAt) - Date.parse(one.placedAt)));
}

function render() {
  byId('orders').replaceChildren(...[...orders.values()].map(row));
  byId('no-orders').hidden = orders.size > 0;
  byId('older-orders').hidden = !olderCursor;
}

function row({ orderId, restaurantName, state, placedAt }) {
  const element = byId('order-template').content.firstElementChild.cloneNode(true);
  element.dataset.orderId = orderId;
  element.querySelector('.where').textContent = restaurantName;
  const time = element.querySelector('time');
  time.dateTime = placedAt;
  time.textContent = new Date(placedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const shown = element.querySelector('.state');
  shown.dataset.state = state;
  shown.textContent = IN_PLAIN_WORDS[state] ?? state;
  return element;
}
