// The landing page's script: connects the parts and shows who is signed in.

import * as dialogs from './dialogs.js';
import * as orders from './orders.js';
import { byId, say, whileBusy } from './page.js';
import * as restaurants from './restaurants.js';
import * as session from './session.js';

async function showWhoIsSignedIn(customer, before) {
  byId('open-register').hidden = Boolean(customer);
  byId('open-sign-in').hidden = Boolean(customer);
  byId('sign-out').hidden = !customer;
  byId('greeting').hidden = !customer;
  byId('greeting').textContent = customer ? `Hello, ${customer.name}` : '';
  orders.stop();
  if (customer) await orders.start();
  else if (before) say('You are signed out.');
}

orders.connect();
restaurants.connect({ onOrdered: orders.add });
dialogs.connect({
  signedIn: async () => {
    await session.current();
    say('You are signed in.');
  },
});
byId('sign-out').addEventListener('click', (event) =>
  whileBusy(event.currentTarget, async () => {
    await session.signOut();
    byId('open-sign-in').focus();
  }),
);
session.watch(showWhoIsSignedIn);
