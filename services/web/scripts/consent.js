// What people have to accept: recorded after a registration, and asked for again when a new version requires it.

import * as api from './api.js';
import { byId, config, inPlace, say, whileBusy } from './page.js';

const AT_REGISTRATION = 'bigmouth.accepted';

let missing = [];
let turns = 0;

/** Keeps what somebody accepts as they register, until they have signed in and it can be recorded. */
export function keep(email) {
  localStorage.setItem(AT_REGISTRATION, JSON.stringify({ email: email.toLowerCase(), documents: config.legal }));
}

/** Connects the question for what is missing. */
export function connect() {
  byId('accept').addEventListener('click', ({ currentTarget }) =>
    whileBusy(currentTarget, async () => {
      try {
        await record(missing);
      } catch {
        say('That was not recorded. Try again in a minute.', { bad: true });
        return;
      }
      show([]);
      say('Thank you.');
    }),
  );
}

/** Asks whoever is signed in for what they have not accepted; what cannot be found out now is asked next time. */
export async function follow(person) {
  const turn = (turns += 1);
  show([]);
  if (!person) return;
  try {
    await recordRegistration(person);
    const { documents } = await api.listAcceptances();
    // Whoever signed out meanwhile is asked for nothing.
    if (turn === turns) inPlace(() => show(documents.filter(({ mustAccept }) => mustAccept)));
  } catch {
    // Ordering does not wait for it.
  }
}

async function recordRegistration({ email }) {
  const kept = JSON.parse(localStorage.getItem(AT_REGISTRATION) ?? 'null');
  if (kept?.email !== email.toLowerCase()) return;
  await record(Object.entries(kept.documents).map(([document, version]) => ({ document, version })));
  localStorage.removeItem(AT_REGISTRATION);
}

const record = (documents) => Promise.all(documents.map(({ document, version }) => api.accept(document, version)));

function show(documents) {
  missing = documents;
  byId('consent').hidden = documents.length === 0;
  byId('consent-documents').replaceChildren(
    ...documents.map(({ document, title, version, change }) => {
      const link = Object.assign(window.document.createElement('a'), {
        href: `${config.webUrl}/legal/${document}/${version}`,
        target: '_blank',
        textContent: `${title}, version ${version}`,
      });
      const item = window.document.createElement('li');
      item.append(link, `: ${change}`);
      return item;
    }),
  );
}
