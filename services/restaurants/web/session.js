// Who is signed in. The library talks to Cognito, proves the password without sending it (SRP), and keeps the tokens.

import { Amplify, fetchAuthSession } from '@aws-amplify/core';
import {
  cognitoUserPoolsTokenProvider,
  confirmSignUp,
  resendSignUpCode,
  signIn as cognitoSignIn,
  signOut as cognitoSignOut,
  signUp,
} from '@aws-amplify/auth/cognito';
import { config } from './page.js';

const PENDING = 'bigmouth.pendingRegistration';

const auth = {
  Cognito: {
    userPoolId: config.userPoolId,
    userPoolClientId: config.webClientId,
    ...(config.cognitoEndpoint && { userPoolEndpoint: config.cognitoEndpoint }),
  },
};
cognitoUserPoolsTokenProvider.setAuthConfig(auth);
Amplify.configure({ Auth: auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });

/** @returns {Promise<{token: string, name: string} | null>} the caller's ID token, renewed when it was old. */
export async function current() {
  try {
    const { tokens } = await fetchAuthSession();
    if (!tokens?.idToken) return null;
    return { token: tokens.idToken.toString(), name: String(tokens.idToken.payload.given_name ?? '') };
  } catch {
    return null;
  }
}

/** Signs in with an e-mail address; throws Cognito's error when that fails. */
export async function signIn(email, password) {
  const { nextStep } = await cognitoSignIn({ username: email, password });
  if (nextStep.signInStep === 'CONFIRM_SIGN_UP') throw new Refusal('UserNotConfirmedException');
  if (nextStep.signInStep !== 'DONE') throw new Refusal(nextStep.signInStep);
}

export async function signOut() {
  await cognitoSignOut();
}

/** Registers under a name that nobody sees: the e-mail address becomes an alias of it once it is confirmed. */
export async function register({ email, password, givenName, familyName }) {
  const username = crypto.randomUUID();
  await signUp({
    username,
    password,
    options: { userAttributes: { email, given_name: givenName, family_name: familyName } },
  });
  sessionStorage.setItem(PENDING, JSON.stringify({ username, email }));
}

/** @returns {{username: string, email: string} | null} whose code is awaited, also after the page was loaded again. */
export function pendingRegistration() {
  return JSON.parse(sessionStorage.getItem(PENDING) ?? 'null');
}

export async function confirm(code) {
  await confirmSignUp({ username: pendingRegistration().username, confirmationCode: code });
  sessionStorage.removeItem(PENDING);
}

export async function sendCodeAgain() {
  await resendSignUpCode({ username: pendingRegistration().username });
}

class Refusal extends Error {
  constructor(name) {
    super(name);
    this.name = name;
  }
}

const IN_PLAIN_WORDS = {
  NotAuthorizedException: ['password', 'The e-mail address or the password is not right.'],
  UserNotFoundException: ['password', 'The e-mail address or the password is not right.'],
  UserNotConfirmedException: ['email', 'This e-mail address is not confirmed yet.'],
  UsernameExistsException: ['email', 'Somebody has registered with this e-mail address already.'],
  AliasExistsException: ['code', 'Somebody has registered with this e-mail address already.'],
  InvalidPasswordException: [
    'password',
    'Take 8 characters or more, with a lower-case and an upper-case letter, a number and a symbol.',
  ],
  CodeMismatchException: ['code', 'That is not the code that we sent.'],
  ExpiredCodeException: ['code', 'This code is too old. Send a new one.'],
  LimitExceededException: ['', 'Too many tries. Wait a few minutes.'],
  TooManyRequestsException: ['', 'Too many tries. Wait a few minutes.'],
  TooManyFailedAttemptsException: ['', 'Too many tries. Wait a few minutes.'],
};

/** @returns {[string, string]} the field that an error of Cognito is about, and what to tell people. */
export function explain(error) {
  return IN_PLAIN_WORDS[error?.name] ?? ['', 'That did not work. Check your connection and try again.'];
}
