// The landing page's part of the script: connects what is on the page and shows who is signed in.

import * as account from './account.js';
import * as consent from './consent.js';
import * as dialogs from './dialogs.js';
import * as favourites from './favourites.js';
import * as orders from './orders.js';
import { byId, say, start, whileBusy } from './page.js';
import * as restaurants from './restaurants.js';
import * as session from './session.js';

async function showWhoIsSignedIn(customer, before) {
  for (const id of ['open-register', 'open-sign-in']) byId(id).hidden = Boolean(customer);
  for (const id of ['open-profile', 'sign-out', 'greeting']) byId(id).hidden = !customer;
  byId('greeting').textContent = customer ? `Hello, ${customer.name}` : '';
  if (customer?.id === before?.id) return;
  orders.stop();
  favourites.stop();
  if (!customer) consent.follow(null);
  if (customer) await Promise.all([orders.start(), favourites.start(), consent.follow(customer)]);
  else if (before) say('You are signed out.');
}

orders.connect();
restaurants.connect();
account.connect();
consent.connect();
dialogs.connect({
  signedIn: async () => {
    say('You are signed in.');
    await session.current();
  },
});
byId('sign-out').addEventListener('click', (event) =>
  whileBusy(event.currentTarget, async () => {
    await session.signOut();
    byId('open-sign-in').focus();
  }),
);
session.watch(showWhoIsSignedIn);
start();
