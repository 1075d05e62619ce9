// The cards: search results in place of the restaurants of the day, and buttons that order.

import * as api from './api.js';
import { attempt } from './attempt.js';
import { byId, say, whileBusy } from './page.js';

const cards = byId('cards');
const theme = byId('theme');
const ofTheDay = [...cards.children];
/** The keys of orders that may or may not have been placed, by restaurant. */
const unanswered = new Map();

/** Connects the search and the order buttons; `onOrdered` gets each new order. */
export function connect({ onOrdered }) {
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    whileBusy(event.currentTarget.querySelector('[type=submit]'), () => search());
  });
  byId('show-all').addEventListener('click', () => {
    theme.value = '';
    show(ofTheDay);
    byId('restaurants').focus();
  });
  cards.addEventListener('click', (event) => {
    const button = event.target.closest('button.order');
    if (button) whileBusy(button, () => order(button.closest('.card').dataset.name, onOrdered));
  });
}

async function search() {
  const wanted = theme.value.trim();
  const fault = byId('theme-error');
  theme.setAttribute('aria-invalid', String(!wanted));
  fault.hidden = Boolean(wanted);
  if (!wanted) {
    fault.textContent = 'Say what you are looking for.';
    theme.focus();
    return;
  }
  await attempt('Sign in to search.', async () => {
    const found = await api.search(wanted);
    show(found.map(card));
    byId('show-all').hidden = false;
    byId('no-results').hidden = found.length > 0;
    byId('no-results').textContent = `No restaurant goes with “${wanted}”.`;
    const count = found.length === 1 ? '1 restaurant goes' : `${found.length} restaurants go`;
    say(found.length ? `${count} with “${wanted}”.` : `No restaurant goes with “${wanted}”.`);
  });
}

/** Places an order. One that may have been placed unseen is tried again under its key, so that it stays one order. */
async function order(restaurantName, onOrdered) {
  const key = unanswered.get(restaurantName) ?? crypto.randomUUID();
  unanswered.set(restaurantName, key);
  await attempt(`Sign in to order from ${restaurantName}.`, async () => {
    const { orderId } = await api.placeOrder(restaurantName, key).catch((error) => {
      if (error instanceof api.Refused && error.status < 500) unanswered.delete(restaurantName);
      throw error;
    });
    unanswered.delete(restaurantName);
    say(`Your order from ${restaurantName} is placed.`);
    onOrdered({ orderId, restaurantName, state: 'placed', placedAt: new Date().toISOString() });
  });
}

function show(elements) {
  cards.replaceChildren(...elements);
  byId('show-all').hidden = true;
  byId('no-results').hidden = true;
}

function card({ name, image, themes }) {
  const element = byId('card-template').content.firstElementChild.cloneNode(true);
  element.dataset.name = name;
  element.querySelector('img').src = image;
  element.querySelector('h3').textContent = name;
  element.querySelector('.order').setAttribute('aria-label', `Order from ${name}`);
  const tags = themes.map((text) => Object.assign(document.createElement('li'), { textContent: text }));
  element.querySelector('.tags').replaceChildren(...tags);
  return element;
}
