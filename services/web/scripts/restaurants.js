// The cards of restaurants, with what can be done there: order, and keep as a favourite.

import * as favourites from './favourites.js';
import * as orders from './orders.js';
import { whileBusy } from './page.js';

/** Connects the buttons of all cards, also of those that are added later. */
export function connect() {
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('.card button');
    if (!button) return;
    const act = button.matches('.favourite') ? favourites.toggle : orders.place;
    whileBusy(button, () => act(button.closest('.card').dataset.name));
  });
}
