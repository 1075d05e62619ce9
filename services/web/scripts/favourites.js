// The customer's favourites: their cards, and the hearts on all cards.

import * as api from './api.js';
import { attempt } from './attempt.js';
import { byId, config, copyOf, say } from './page.js';

/** Restaurants by name, sorted by it, as the service has them. */
let favourites = new Map();
/** Grows with each customer: what was asked for one is not shown to the next. */
let customers = 0;

/** Shows the signed-in customer's favourites. */
export async function start() {
  byId('my-favourites').hidden = false;
  try {
    await load();
  } catch {
    say('Your favourites could not be loaded. Load the page again.', { bad: true });
  }
}

/** Forgets everything of the customer who has signed out. */
export function stop() {
  customers += 1;
  favourites = new Map();
  render();
  byId('my-favourites').hidden = true;
}

/** Makes a restaurant a favourite, or no longer one. */
export async function toggle(name) {
  const wanted = !favourites.has(name);
  await attempt(`Sign in to keep ${name} as a favourite.`, async () => {
    await (wanted ? api.addFavourite(name) : api.removeFavourite(name));
    const card = document.activeElement?.closest('#favourites .card');
    await load();
    // The card that had the focus may be gone.
    if (card && !card.isConnected) byId('my-favourites').focus();
    say(wanted ? `${name} is one of your favourites.` : `${name} is no longer one of your favourites.`);
  });
}

async function load() {
  const customer = customers;
  const found = [];
  let cursor = null;
  do {
    const page = await api.listFavourites(cursor);
    found.push(...page.favourites);
    cursor = page.nextCursor;
  } while (cursor);
  if (customer !== customers) return;
  favourites = new Map(found.map((restaurant) => [restaurant.name, restaurant]));
  render();
}

function render() {
  const shown = new Map([...byId('favourites').children].map((card) => [card.dataset.name, card]));
  byId('favourites').replaceChildren(...[...favourites.values()].map((one) => shown.get(one.name) ?? cardOf(one)));
  byId('no-favourites').hidden = favourites.size > 0;
  for (const card of document.querySelectorAll('.card')) {
    card.querySelector('.favourite').setAttribute('aria-pressed', String(favourites.has(card.dataset.name)));
  }
}

function cardOf({ name, image, themes }) {
  const card = copyOf('card-template');
  card.dataset.name = name;
  // The API names it below its own URL, where it only redirects.
  card.querySelector('img').src = image.replace(/^.*(?=\/assets\/)/, config.webUrl);
  card.querySelector('h3').textContent = name;
  card.querySelector('.order').setAttribute('aria-label', `Order from ${name}`);
  const heart = card.querySelector('.favourite');
  heart.setAttribute('aria-label', `Favourite: ${name}`);
  heart.setAttribute('aria-pressed', String(favourites.has(name)));
  card.querySelector('.tags').replaceChildren(...themes.map(tagOf));
  return card;
}

function tagOf(theme) {
  const link = document.createElement('a');
  link.href = `${config.webUrl}/?theme=${encodeURIComponent(theme)}#restaurants`;
  link.textContent = theme;
  const tag = document.createElement('li');
  tag.append(link);
  return tag;
}
