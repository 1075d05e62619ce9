// The cards of restaurants, with what can be done there: order, and keep as a favourite.

import * as api from './api.js';
import { attempt } from './attempt.js';
import * as favourites from './favourites.js';
import * as orders from './orders.js';
import { byId, say, whileBusy } from './page.js';

const cards = byId('cards');
const theme = byId('theme');
const ofTheDay = [...cards.children];

/** Connects the buttons of all cards, also of those that are added later. */
export function connect() {
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    whileBusy(event.currentTarget.querySelector('[type=submit]'), () => search());
  });
  byId('show-all').addEventListener('click', () => {
    theme.value = '';
    show(ofTheDay);
    byId('restaurants').focus();
  });
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('.card button');
    if (!button) return;
    const act = button.matches('.favourite') ? favourites.toggle : orders.place;
    whileBusy(button, () => act(button.closest('.card').dataset.name));
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
    show(found.map(favourites.cardOf));
    byId('show-all').hidden = false;
    byId('no-results').hidden = found.length > 0;
    byId('no-results').textContent = `No restaurant goes with “${wanted}”.`;
    const count = found.length === 1 ? '1 restaurant goes' : `${found.length} restaurants go`;
    say(found.length ? `${count} with “${wanted}”.` : `No restaurant goes with “${wanted}”.`);
  });
}

function show(elements) {
  cards.replaceChildren(...elements);
  byId('show-all').hidden = true;
  byId('no-results').hidden = true;
}
