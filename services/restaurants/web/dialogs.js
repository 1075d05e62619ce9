// The dialogs for registering, confirming and signing in.

import { byId, say, whileBusy } from './page.js';
import * as session from './session.js';

const signInDialog = byId('sign-in-dialog');
const registerDialog = byId('register-dialog');
const confirmDialog = byId('confirm-dialog');

/** What to do once somebody has signed in; a dialog that is given up forgets it. */
let afterwards = null;
/** Kept in memory between registering and confirming, so that the password need not be typed twice. */
let registered = null;

/** Opens the sign-in dialog, and goes on with `next` once that has worked. */
export function askToSignIn({ reason = '', next = null } = {}) {
  afterwards = next;
  const hint = signInDialog.querySelector('.reason');
  hint.textContent = reason;
  hint.hidden = !reason;
  open(signInDialog);
}

/** Connects the dialogs; `onSignedIn` runs after each sign-in. */
export function connect({ onSignedIn }) {
  byId('open-sign-in').addEventListener('click', () => askToSignIn());
  byId('open-register').addEventListener('click', () => startRegistering());
  byId('to-register').addEventListener('click', () => {
    const next = afterwards;
    signInDialog.close();
    afterwards = next;
    startRegistering();
  });
  for (const dialog of [signInDialog, registerDialog, confirmDialog]) {
    dialog.querySelector('.cancel').addEventListener('click', () => giveUp(dialog));
    dialog.addEventListener('cancel', () => giveUp(dialog));
  }

  const signedIn = async () => {
    const next = afterwards;
    afterwards = null;
    await onSignedIn();
    await next?.();
  };

  onSubmit(signInDialog, async ({ email, password }) => {
    try {
      await session.signIn(email, password);
    } catch (error) {
      if (error.name === 'UserNotConfirmedException' && session.pendingRegistration()?.email === email) {
        registered = { email, password };
        signInDialog.close();
        askForCode();
        return;
      }
      throw error;
    }
    close(signInDialog);
    await signedIn();
  });

  onSubmit(registerDialog, async (person) => {
    await session.register(person);
    registered = { email: person.email, password: person.password };
    close(registerDialog);
    askForCode();
  });

  onSubmit(confirmDialog, async ({ code }) => {
    const { email } = session.pendingRegistration();
    await session.confirm(code);
    close(confirmDialog);
    if (registered?.email !== email) {
      askToSignIn({ reason: 'Your e-mail address is confirmed. Now sign in.', next: afterwards });
      return;
    }
    await session.signIn(registered.email, registered.password);
    registered = null;
    await signedIn();
  });

  byId('resend').addEventListener('click', (event) =>
    whileBusy(event.currentTarget, async () => {
      try {
        await session.sendCodeAgain();
        say('We have sent you a new code.');
      } catch (error) {
        showFault(confirmDialog, session.explain(error));
      }
    }),
  );
}

/** Takes up a registration that waits for its code, such as after the page was loaded again. */
function startRegistering() {
  if (session.pendingRegistration()) askForCode();
  else open(registerDialog);
}

function askForCode() {
  byId('code-sent-to').textContent = session.pendingRegistration().email;
  open(confirmDialog);
}

function open(dialog) {
  clearFaults(dialog);
  if (!dialog.open) dialog.showModal();
}

function close(dialog) {
  dialog.querySelector('form').reset();
  dialog.close();
}

function giveUp(dialog) {
  afterwards = null;
  registered = null;
  close(dialog);
}

function onSubmit(dialog, work) {
  const form = dialog.querySelector('form');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearFaults(dialog);
    if (!isComplete(dialog)) return;
    whileBusy(form.querySelector('[type=submit]'), async () => {
      try {
        await work(Object.fromEntries(new FormData(form)));
      } catch (error) {
        showFault(dialog, session.explain(error));
      }
    });
  });
}

function isComplete(dialog) {
  const faulty = [...dialog.querySelectorAll('input')].filter((input) => !input.checkValidity());
  for (const input of faulty) mark(input, input.validationMessage);
  faulty[0]?.focus();
  return faulty.length === 0;
}

function showFault(dialog, [field, text]) {
  if (!dialog.open) {
    say(text, { bad: true });
    return;
  }
  const input = dialog.querySelector(`input[name="${field}"]`) ?? dialog.querySelector('input:last-of-type');
  mark(input, text);
  input.focus();
}

function mark(input, text) {
  const place = byId(input.getAttribute('aria-describedby').split(' ').pop());
  input.setAttribute('aria-invalid', 'true');
  place.textContent = text;
  place.hidden = false;
}

function clearFaults(dialog) {
  for (const input of dialog.querySelectorAll('input')) input.removeAttribute('aria-invalid');
  for (const place of dialog.querySelectorAll('.error')) place.hidden = true;
}
