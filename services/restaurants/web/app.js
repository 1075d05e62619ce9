// The landing page's script: connects the parts and shows who is signed in.

import * as dialogs from './dialogs.js';
import * as orders from './orders.js';
import { byId, say, whileBusy } from './page.js';
import * as restaurants from './restaurants.js';
import * as session from './session.js';

async function showWhoIsSignedIn() {
  const customer = await session.current();
  byId('open-register').hidden = Boolean(customer);
  byId('open-sign-in').hidden = Boolean(customer);
  byId('sign-out').hidden = !customer;
  byId('greeting').hidden = !customer;
  byId('greeting').textContent = customer ? `Hello, ${customer.name}` : '';
  if (customer) await orders.start();
  else orders.stop();
}

orders.connect();
restaurants.connect({ onOrdered: orders.add });
dialogs.connect({
  onSignedIn: async () => {
    say('You are signed in.');
    await showWhoIsSignedIn();
  },
});
byId('sign-out').addEventListener('click', (event) =>
  whileBusy(event.currentTarget, async () => {
    await session.signOut();
    await showWhoIsSignedIn();
    say('You are signed out.');
    byId('open-sign-in').focus();
  }),
);
showWhoIsSignedIn();
