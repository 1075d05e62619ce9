// The dialogs for registering and signing in, and for the steps that Cognito may ask for in between.

import * as consent from './consent.js';
import { byId, config, say, whileBusy } from './page.js';
import * as session from './session.js';
import { explain } from './words.js';

const signInDialog = byId('sign-in-dialog');
const registerDialog = byId('register-dialog');
const stepDialog = byId('step-dialog');

const NEW_CODE = 'We have sent you a new code.';

/** Each step: what it says and asks for, and what answers it and gives the next step. */
const STEPS = {
  confirm: {
    title: 'Check your e-mail',
    hint: () => `Your e-mail address is not confirmed yet. Type the code that we sent to ${session.email()}.`,
    code: 'Confirmation code',
    mailed: 'signUp',
    submit: 'Confirm',
    answer: ({ code }) => session.confirm(code),
    sendAgain: session.sendCodeAgain,
  },
  newPassword: {
    title: 'Choose your password',
    hint: () => 'An operator has set the password that you signed in with. Choose one that only you know.',
    password: true,
    submit: 'Save',
    answer: ({ password }) => session.answer(password),
  },
  reset: {
    title: 'Choose a new password',
    hint: () => `An operator has reset your password. We have sent a code to ${session.email()}.`,
    code: 'Code from the e-mail',
    mailed: 'reset',
    password: true,
    submit: 'Save',
    answer: ({ code, password }) => session.resetPassword(code, password),
    sendAgain: session.sendResetCode,
  },
  forgotten: {
    title: 'Choose a new password',
    hint: () => `If ${session.email()} has an account, we have sent a code to that address.`,
    code: 'Code from the e-mail',
    mailed: 'reset',
    password: true,
    submit: 'Save',
    answer: ({ code, password }) => session.resetPassword(code, password),
    sendAgain: session.sendResetCode,
  },
  newAddress: {
    title: 'Confirm your new address',
    hint: () => `We have sent a code to ${session.email()}. Until you type it, your address stays as it was.`,
    code: 'Confirmation code',
    mailed: 'signUp',
    submit: 'Confirm',
    answer: ({ code }) => session.confirmNewAddress(code),
    sendAgain: session.sendNewAddressCode,
  },
  authenticator: {
    title: 'One more step',
    hint: () => 'Your account is protected by an authenticator app. Type the code that it shows now.',
    code: 'Code from your app',
    submit: 'Sign in',
    answer: ({ code }) => session.answer(code),
    wrongCode: 'That is not the code that your app shows now. Each code is good for one use.',
  },
};

/** What the page says once a change of the account is done. */
const DONE = {
  saved: 'Your profile is saved.',
  passwordChanged: 'Your password is changed.',
};

/** What to do once somebody has signed in; a dialog that is given up forgets it. */
let afterwards = null;
let step = null;
let onSignedIn = async () => {};

/** Opens the sign-in dialog, and goes on with `next` once that has worked. */
export function askToSignIn({ reason = '', next = null } = {}) {
  afterwards = next;
  const hint = signInDialog.querySelector('.reason');
  hint.textContent = reason;
  hint.hidden = !reason;
  openDialog(signInDialog);
}

/** Connects the dialogs; `signedIn` runs after each sign-in. */
export function connect({ signedIn }) {
  onSignedIn = signedIn;
  byId('open-sign-in').addEventListener('click', () => askToSignIn());
  byId('open-register').addEventListener('click', () => startRegistering());
  byId('to-register').addEventListener('click', () => {
    signInDialog.close();
    startRegistering();
  });
  byId('correct-address').addEventListener('click', () => {
    const typed = session.typed();
    session.forgetRegistration();
    closeDialog(stepDialog);
    startRegistering(typed);
  });
  byId('forgot-password').addEventListener('click', ({ currentTarget }) => forgotPassword(currentTarget));
  onSubmit(signInDialog, ({ email, password }) => session.signIn(email.trim(), password));
  onSubmit(registerDialog, async (person) => {
    await session.register({ ...person, email: person.email.trim() });
    consent.keep(person.email.trim());
    return 'confirm';
  });
  onSubmit(stepDialog, (answers) => step.answer(answers));
  byId('resend').addEventListener('click', (event) =>
    whileBusy(event.currentTarget, async () => {
      clearFaults(stepDialog);
      try {
        await step.sendAgain();
        note(NEW_CODE);
      } catch (error) {
        showFault(stepDialog, explain(error));
      }
    }),
  );
}

async function goOn(next) {
  if (next === 'done') {
    const work = afterwards;
    afterwards = null;
    session.forgetPerson();
    await onSignedIn();
    await work?.();
  } else if (DONE[next]) {
    say(DONE[next]);
  } else if (next === 'signInAgain') {
    askToSignIn({ reason: 'You were signed out meanwhile. Sign in, then try again.' });
  } else if (next === 'signIn') {
    askToSignIn({ reason: 'Your e-mail address is confirmed. Now sign in.', next: afterwards });
  } else {
    ask(STEPS[next]);
  }
}

/** Takes up a registration that waits for its code, or begins one with what was typed before. */
function startRegistering(typed = null) {
  if (session.pendingRegistration()) {
    ask(STEPS.confirm);
    return;
  }
  fill(registerDialog, typed ?? {});
  // Who corrects an address has ticked it before.
  byId('register-accept').checked = Boolean(typed);
  openDialog(registerDialog);
  if (typed) registerDialog.querySelector('[name=email]').select();
}

/** Sends a code to the address that stands in the sign-in. */
function forgotPassword(button) {
  clearFaults(signInDialog);
  const address = signInDialog.querySelector('[name=email]');
  if (!isComplete([address])) return;
  whileBusy(button, async () => {
    try {
      await session.forgetPassword(address.value.trim());
    } catch (error) {
      showFault(signInDialog, explain(error));
      return;
    }
    closeDialog(signInDialog);
    ask(STEPS.forgotten);
  });
}

function ask(next) {
  step = next;
  byId('step-title').textContent = step.title;
  byId('step-hint').textContent = hint();
  byId('code-label').textContent = step.code ?? '';
  stepDialog.querySelector('[type=submit]').textContent = step.submit;
  show(byId('code-field'), step.code);
  show(byId('new-password-field'), step.password);
  show(byId('resend'), step.sendAgain);
  byId('registers-again').hidden = step !== STEPS.confirm;
  openDialog(stepDialog);
}

/** On the emulator, the page knows the codes: nothing is mailed there. */
function hint() {
  const code = config.codes?.[step.mailed];
  return code ? `${step.hint()} This stage is on your machine, which sends no mail: the code is ${code}.` : step.hint();
}

/** What is not asked for is neither seen, checked nor sent. */
function show(element, isAsked) {
  element.hidden = !isAsked;
  element.disabled = !isAsked;
}

export function openDialog(dialog) {
  clearFaults(dialog);
  if (!dialog.open) dialog.showModal();
}

export function closeDialog(dialog) {
  dialog.querySelector('form').reset();
  dialog.close();
}

/** Puts values into the fields of their names. */
export function fill(dialog, values) {
  for (const [name, value] of Object.entries(values)) dialog.querySelector(`[name="${name}"]`).value = value;
}

function giveUp(dialog) {
  afterwards = null;
  session.forgetPerson();
  closeDialog(dialog);
}

/** Connects a dialog: `work` gets what was typed, and gives the next step. */
export function onSubmit(dialog, work) {
  dialog.querySelector('.cancel').addEventListener('click', () => giveUp(dialog));
  dialog.addEventListener('cancel', () => giveUp(dialog));
  const form = dialog.querySelector('form');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clearFaults(dialog);
    if (!isComplete([...dialog.querySelectorAll('input')])) return;
    // Not busy while what follows is loaded: who signs out meanwhile may sign in again.
    const next = await whileBusy(form.querySelector('[type=submit]'), () => nextStep(dialog, work, new FormData(form)));
    if (!next) return;
    closeDialog(dialog);
    await goOn(next);
  });
}

/** @returns {Promise<string | undefined>} the step that comes next; none when the dialog says what is wrong. */
async function nextStep(dialog, work, typed) {
  try {
    return await work(Object.fromEntries(typed));
  } catch (error) {
    if (error instanceof session.SignInNeeded) return 'signInAgain';
    showFault(dialog, explain(error));
    return undefined;
  }
}

function isComplete(inputs) {
  const faulty = inputs.filter((input) => !input.checkValidity());
  for (const input of faulty) mark(input, input.validationMessage);
  faulty[0]?.focus();
  return faulty.length === 0;
}

/** Says what is wrong at the field that it is about, or else above the buttons. */
function showFault(dialog, [field, text]) {
  const input = dialog.querySelector(`input[name="${field}"]:enabled`);
  const said = (dialog === stepDialog && field === 'code' && step.wrongCode) || text;
  if (input) {
    mark(input, said);
    input.focus();
    return;
  }
  const place = dialog.querySelector('.fault');
  place.textContent = said;
  place.hidden = false;
  place.scrollIntoView({ block: 'nearest' });
}

function note(text) {
  const place = stepDialog.querySelector('.note');
  place.textContent = text;
  place.scrollIntoView({ block: 'nearest' });
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
  stepDialog.querySelector('.note').textContent = '';
}
