// The orders as the staff see them: tickets with the time that is left, and a list of what became of the others.

import { now } from './api.js';
import { byId } from './page.js';

const HURRY_SECONDS = 120;
const OUTCOMES = {
  accepted: 'Accepted',
  rejected: 'Declined',
  expired: 'Not answered in time',
  cancelled: 'Cancelled by the customer',
};
const SHOWN_ENDED = 20;
/** How long a ticket still shows what became of it, in its place. */
const LINGER_MILLISECONDS = 4000;
/** Who taps while tickets move up means the ticket that was there. */
const SETTLE_MILLISECONDS = 500;

const list = byId('waiting');
let movedAt = -Infinity;

/** What people call an order. */
export const nameOf = ({ orderId }) => `Order ${orderId.slice(0, 6).toUpperCase()}`;

export const outcomeOf = ({ state }) => OUTCOMES[state] ?? state;

/** When an order reached its state. */
export const changedAt = ({ history, placedAt }) => history?.at(-1)?.at ?? placedAt;

/** Connects the buttons; `onAnswer(orderId, 'accept' or 'reject', button)` gets each tap. */
export function connect(onAnswer) {
  list.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-answer]');
    const isByPointer = event.detail > 0;
    if (!button || (isByPointer && performance.now() - movedAt < SETTLE_MILLISECONDS)) return;
    onAnswer(button.closest('.ticket').dataset.orderId, button.dataset.answer, button);
  });
}

/** Shows the orders that wait, oldest first; tickets that stay keep their element, and so the focus. */
export function showWaiting(orders) {
  const ids = new Set(orders.map(({ orderId }) => orderId));
  for (const ticket of [...list.children]) {
    if (!ids.has(ticket.dataset.orderId) && !isEnding(ticket)) remove(ticket);
  }
  let place = list.firstElementChild;
  for (const order of orders) {
    while (place && isEnding(place)) place = place.nextElementSibling;
    if (place?.dataset.orderId === order.orderId) {
      showTime(place, order);
      place = place.nextElementSibling;
    } else list.insertBefore(ticketOf(order), place);
  }
  byId('waiting-count').textContent = orders.length || '';
  byId('none-waiting').hidden = list.children.length > 0;
  tick();
}

/** Shows on its ticket what became of an order, and removes the ticket a little later. */
export function end(order) {
  const ticket = [...list.children].find(({ dataset }) => dataset.orderId === order.orderId);
  if (!ticket || isEnding(ticket)) return;
  const hadFocus = ticket.contains(document.activeElement);
  const state = ticket.querySelector('.state');
  state.dataset.state = order.state;
  state.textContent = outcomeOf(order);
  state.hidden = false;
  ticket.querySelector('.answers').hidden = true;
  ticket.querySelector('.left').hidden = true;
  if (hadFocus) ticket.focus();
  setTimeout(() => {
    remove(ticket);
    byId('none-waiting').hidden = list.children.length > 0;
  }, LINGER_MILLISECONDS);
}

/** Shows what became of the last orders, newest first. */
export function showEnded(orders) {
  byId('ended').replaceChildren(...orders.slice(0, SHOWN_ENDED).map(endedRow));
  byId('none-ended').hidden = orders.length > 0;
}

/** Forgets all orders. */
export function clear() {
  list.replaceChildren();
  byId('ended').replaceChildren();
  byId('waiting-count').textContent = '';
  byId('none-waiting').hidden = true;
  byId('none-ended').hidden = true;
}

/** Counts down. @returns {boolean} whether the time of an order has just run out. */
export function tick() {
  let hasRunOut = false;
  for (const ticket of list.querySelectorAll('.ticket[data-answer-by]')) {
    const seconds = Math.ceil((Date.parse(ticket.dataset.answerBy) - now()) / 1000);
    ticket.classList.toggle('hurry', seconds <= HURRY_SECONDS);
    ticket.querySelector('.clock').textContent = seconds > 0 ? clock(seconds) : 'Time is up';
    ticket.querySelector('.unit').hidden = seconds <= 0;
    hasRunOut ||= seconds === 0;
  }
  return hasRunOut;
}

const isEnding = (ticket) => !ticket.querySelector('.state').hidden;

function remove(ticket) {
  if (!ticket.isConnected) return;
  const next = ticket.nextElementSibling ?? ticket.previousElementSibling ?? byId('waiting-title');
  if (ticket.contains(document.activeElement)) next.focus();
  ticket.remove();
  movedAt = performance.now();
}

function ticketOf(order) {
  const ticket = byId('ticket-template').content.firstElementChild.cloneNode(true);
  ticket.dataset.orderId = order.orderId;
  showTime(ticket, order);
  ticket.querySelector('h3').textContent = nameOf(order);
  setTime(ticket, order.placedAt);
  for (const button of ticket.querySelectorAll('button')) {
    button.setAttribute('aria-label', `${button.textContent} ${nameOf(order)}`);
  }
  return ticket;
}

function showTime(ticket, { answerBy }) {
  if (answerBy) ticket.dataset.answerBy = answerBy;
  else delete ticket.dataset.answerBy;
  ticket.querySelector('.left').hidden = !answerBy;
}

function endedRow(order) {
  const row = byId('ended-template').content.firstElementChild.cloneNode(true);
  row.dataset.orderId = order.orderId;
  row.querySelector('.where').textContent = nameOf(order);
  setTime(row, changedAt(order));
  const state = row.querySelector('.state');
  state.dataset.state = order.state;
  state.textContent = outcomeOf(order);
  return row;
}

/** Only the time of today's orders, so that a kitchen reads it at a glance. */
function setTime(element, at) {
  const time = element.querySelector('time');
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  time.dateTime = at;
  time.textContent = new Date(at).toLocaleString(undefined, {
    timeStyle: 'short',
    ...(!isToday && { dateStyle: 'medium' }),
  });
}

function clock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] ? parts : parts.slice(1);
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}
