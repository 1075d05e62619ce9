// The staff page's part of the script: who is signed in, and which restaurant's orders they see.

import * as api from './api.js';
import * as chime from './chime.js';
import * as consent from './consent.js';
import * as dialogs from './dialogs.js';
import * as incoming from './incoming.js';
import { byId, say, start, whileBusy } from './page.js';
import * as session from './session.js';
import { explain } from './words.js';

const CHOSEN = 'bigmouth.restaurant';
const SECTIONS = ['welcome', 'choice', 'kitchen'];
const CHECK_MILLISECONDS = 15000;

let person = null;
let timer = 0;

async function showWhoIsSignedIn(now, before) {
  person = now;
  byId('sign-out').hidden = !person;
  byId('greeting').hidden = !person;
  byId('greeting').textContent = person ? `Hello, ${person.name}` : '';
  if (person?.id === before?.id) return;
  clearTimeout(timer);
  incoming.stop();
  consent.follow(person);
  if (person) {
    await findRestaurants();
  } else {
    show('welcome');
    if (before) say('You are signed out.');
  }
}

/** Asks of which restaurants the caller is staff, and opens the one that they work in; `lost` is one they no longer do. */
async function findRestaurants({ lost = '' } = {}) {
  clearTimeout(timer);
  const asker = person;
  let names = [];
  let reason;
  try {
    names = (await api.listMyRestaurants()).restaurants;
  } catch (error) {
    if (error instanceof session.SignInNeeded) return askToSignInAgain();
    reason = error instanceof api.Refused ? error.message : explain(error)[1];
  }
  if (asker !== person) return undefined;
  byId('other-restaurant').hidden = names.length < 2;
  const chosen = names.length === 1 ? names[0] : names.find((name) => name === localStorage.getItem(CHOSEN));
  if (chosen && !lost) return open(chosen);
  reason ??= names.length ? '' : `Ask for ${person.email} to be added to the staff of your restaurant. This page checks by itself.`;
  offer(names, [lost && `You are no longer on the staff of ${lost}.`, reason].filter(Boolean).join(' '));
  if (!names.length) timer = setTimeout(findRestaurants, CHECK_MILLISECONDS);
  return undefined;
}

function offer(names, reason) {
  byId('choice-title').textContent = names.length ? 'Choose your restaurant' : 'No restaurant to show';
  byId('choice-reason').textContent = reason;
  byId('my-restaurants').replaceChildren(
    ...names.map((name) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: name });
      button.addEventListener('click', () => {
        localStorage.setItem(CHOSEN, name);
        open(name);
        byId('restaurant-name').focus();
      });
      const item = document.createElement('li');
      item.append(button);
      return item;
    }),
  );
  byId('check-again').hidden = names.length > 0;
  show('choice');
}

function open(name) {
  byId('restaurant-name').textContent = name;
  show('kitchen');
  incoming.start(name, {
    leaveIfRemoved: () => leaveIfRemoved(name),
    onSignInNeeded: askToSignInAgain,
  });
}

function askToSignInAgain() {
  incoming.stop();
  show('welcome');
  dialogs.askToSignIn({ reason: 'Sign in again to see orders.', next: findRestaurants });
}

async function leaveIfRemoved(name) {
  if ((await api.listMyRestaurants()).restaurants.includes(name)) return false;
  await leave({ lost: name });
  return true;
}

async function leave(why) {
  incoming.stop();
  await findRestaurants(why);
  byId('choice-title').focus();
}

function show(wanted) {
  for (const section of SECTIONS) byId(section).hidden = section !== wanted;
}

chime.connect();
incoming.connect();
consent.connect();
dialogs.connect({
  signedIn: async () => {
    say('You are signed in.');
    await session.current();
  },
});
byId('check-again').addEventListener('click', (event) => whileBusy(event.currentTarget, () => findRestaurants()));
byId('other-restaurant').addEventListener('click', (event) =>
  whileBusy(event.currentTarget, () => {
    localStorage.removeItem(CHOSEN);
    return leave();
  }),
);
byId('sign-out').addEventListener('click', (event) =>
  whileBusy(event.currentTarget, async () => {
    await session.signOut();
    byId('open-sign-in').focus();
  }),
);
session.watch(showWhoIsSignedIn);
start();
