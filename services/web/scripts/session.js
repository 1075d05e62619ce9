// Who is signed in. The library talks to Cognito, proves the password without sending it (SRP), and keeps the tokens.

import { Amplify, fetchAuthSession } from '@aws-amplify/core';
import {
  cognitoUserPoolsTokenProvider,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  confirmUserAttribute,
  fetchUserAttributes,
  resendSignUpCode,
  resetPassword as startReset,
  signIn as cognitoSignIn,
  signOut as cognitoSignOut,
  signUp,
  updatePassword,
  updateUserAttributes,
} from '@aws-amplify/auth/cognito';
import { config } from './page.js';

/** The caller has to sign in (again) before this can be done. */
export class SignInNeeded extends Error {}

const PENDING = 'bigmouth.pendingRegistration';

/** What Cognito asks for next, as the steps of this page; any other cannot be done here. */
const STEPS = {
  DONE: 'done',
  CONFIRM_SIGN_UP: 'confirm',
  CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED: 'newPassword',
  CONFIRM_SIGN_IN_WITH_TOTP_CODE: 'authenticator',
  RESET_PASSWORD: 'reset',
};

const auth = {
  Cognito: {
    userPoolId: config.userPoolId,
    userPoolClientId: config.webClientId,
    ...(config.cognitoEndpoint && { userPoolEndpoint: config.cognitoEndpoint }),
  },
};
cognitoUserPoolsTokenProvider.setAuthConfig(auth);
Amplify.configure({ Auth: auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });

let known = null;
let onChange = async () => {};
/** Who signs in, registers or changes an address: kept in memory between the steps, so that nothing is typed twice. */
let person = null;

/** Calls `listener(customer, before)` whenever who is signed in changes, in this tab or in another. */
export function watch(listener) {
  onChange = listener;
  const look = () => current().catch(() => {});
  addEventListener('storage', look);
  addEventListener('online', look);
  look();
}

/**
 * @returns {Promise<{id: string, token: string, name: string, email: string} | null>} the caller's ID token, renewed when it was old.
 * @throws when there are tokens, but Cognito cannot be reached to renew them.
 */
export async function current() {
  const { tokens } = await fetchAuthSession();
  const { sub, given_name: name, email: address } = tokens?.idToken?.payload ?? {};
  const customer = sub ? { id: sub, token: tokens.idToken.toString(), name: String(name ?? ''), email: address } : null;
  const before = known;
  known = customer;
  if (customer?.id !== before?.id || customer?.name !== before?.name) await onChange(customer, before);
  return customer;
}

/** Signs in with an e-mail address. @returns {Promise<string>} the step that comes next. */
export async function signIn(email, password) {
  person = { email, password };
  const started = await startSignIn(email, password);
  if (started.step === 'confirm') remember({ username: started.username, email });
  return started.step;
}

async function startSignIn(email, password) {
  const pending = pendingRegistration();
  // Until the address is confirmed nobody can sign in with it, but the user name that it was registered under does.
  if (pending && isSame(pending.email, email)) {
    try {
      return await signInAs(pending.username, password);
    } catch (error) {
      if (error.name !== 'NotAuthorizedException') throw error;
    }
  }
  return signInAs(email, password);
}

async function signInAs(username, password) {
  const tryIt = () => cognitoSignIn({ username, password });
  const result = await tryIt().catch(async (error) => {
    if (error.name !== 'UserAlreadyAuthenticatedException') throw error;
    // Tokens are stored already, left by another tab or by a page without a connection.
    await cognitoSignOut();
    return tryIt();
  });
  return { username, step: stepOf(result) };
}

function stepOf({ nextStep }) {
  const step = STEPS[nextStep.signInStep];
  if (!step) throw new Error(`Cognito asks for ${nextStep.signInStep}`);
  return step;
}

export async function signOut() {
  await cognitoSignOut();
  await current();
}

/**
 * Ends the sessions of all devices. Amplify's own global sign-out does not say when Cognito was not reached.
 * @throws when it could not be done; then nobody is signed out.
 */
export async function signOutEverywhere() {
  const { tokens } = await fetchAuthSession();
  if (!tokens) throw new SignInNeeded();
  const response = await fetch(config.cognitoEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.GlobalSignOut',
    },
    body: JSON.stringify({ AccessToken: tokens.accessToken.toString() }),
  });
  if (!response.ok) throw ofOwnAccount({ name: (await response.json()).__type });
  await signOut();
}

/** @returns {Promise<{givenName: string, familyName: string, email: string}>} the signed-in person's profile. */
export async function profile() {
  const found = await fetchUserAttributes().catch((error) => {
    throw ofOwnAccount(error);
  });
  return { givenName: found.given_name, familyName: found.family_name, email: found.email };
}

/** Saves the profile; a new address counts once its code is typed. @returns {Promise<string>} the step that comes next. */
export async function saveProfile({ givenName, familyName, email: typed }) {
  const address = typed.trim();
  const isNew = address !== (await profile()).email;
  const attributes = { given_name: givenName.trim(), family_name: familyName.trim(), ...(isNew && { email: address }) };
  const { email: change } = await updateUserAttributes({ userAttributes: attributes });
  person = { email: address };
  await renew();
  return change?.nextStep.updateAttributeStep === 'CONFIRM_ATTRIBUTE_WITH_CODE' ? 'newAddress' : 'saved';
}

export async function confirmNewAddress(code) {
  await confirmUserAttribute({ userAttributeKey: 'email', confirmationCode: code });
  await renew();
  return 'saved';
}

export const sendNewAddressCode = () => updateUserAttributes({ userAttributes: { email: person.email } });

/** Gets tokens that say what the profile says now. */
async function renew() {
  await fetchAuthSession({ forceRefresh: true });
  await current();
}

export async function changePassword(oldPassword, newPassword) {
  await updatePassword({ oldPassword, newPassword }).catch((error) => {
    throw /incorrect/i.test(error.message) ? { name: 'WrongPasswordNow' } : ofOwnAccount(error);
  });
  return 'passwordChanged';
}

/** Whoever has no valid session any more signs in again; what else failed stays as it is. */
function ofOwnAccount(error) {
  const isOver = ['NotAuthorizedException', 'UserUnAuthenticatedException', 'UserNotFoundException'].includes(error.name);
  return isOver ? new SignInNeeded() : error;
}

/** Registers under a name that nobody sees: the e-mail address becomes an alias of it once it is confirmed. */
export async function register({ email, password, givenName, familyName }) {
  const username = crypto.randomUUID();
  await signUp({
    username,
    password,
    options: { userAttributes: { email, given_name: givenName, family_name: familyName } },
  });
  person = { email, password, givenName, familyName };
  remember({ username, email });
}

/** What was typed into a registration, while it is under way. */
export const typed = () => person;

/** @returns {{username: string, email: string} | null} whose code is awaited, also when the person comes back later. */
export function pendingRegistration() {
  return JSON.parse(localStorage.getItem(PENDING) ?? 'null');
}

/** Forgets a registration that waits for its code. */
export function forgetRegistration() {
  localStorage.removeItem(PENDING);
}

/** Forgets what was typed for a sign-in that was given up. */
export function forgetPerson() {
  person = null;
}

/** Whose code or password is asked for. */
export const email = () => person?.email ?? pendingRegistration()?.email ?? '';

export async function confirm(code) {
  const pending = pendingRegistration();
  await confirmSignUp({ username: pending.username, confirmationCode: code });
  forgetRegistration();
  return person && isSame(person.email, pending.email) ? signIn(person.email, person.password) : 'signIn';
}

export async function sendCodeAgain() {
  await resendSignUpCode({ username: pendingRegistration().username });
}

/** Answers the question for a new password, or for the code of an authenticator app. */
export async function answer(challengeResponse) {
  return stepOf(await confirmSignIn({ challengeResponse }));
}

/** Sends a code for a new password to who has forgotten theirs. */
export async function forgetPassword(address) {
  person = { email: address };
  await sendResetCode();
}

/** Chooses a new password with the code. */
export async function resetPassword(code, newPassword) {
  await confirmResetPassword({ username: person.email, confirmationCode: code, newPassword });
  return signIn(person.email, newPassword);
}

export async function sendResetCode() {
  await startReset({ username: person.email });
}

function remember(registration) {
  localStorage.setItem(PENDING, JSON.stringify(registration));
}

function isSame(one, other) {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
