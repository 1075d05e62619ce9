// What went wrong, in words that say what is the case and what to do.

const NO_CONNECTION = 'There is no connection. Check your network, then try again.';
const UNKNOWN = 'That did not work, and not because of you. Try again in a minute.';
const TOO_MANY = 'Too many attempts. Wait a few minutes, then try again.';
const POLICY = 'Take 8 characters or more, with a lower-case and an upper-case letter, a number and a symbol.';
const NOT_CONFIRMED = 'This address is not confirmed yet. Cancel, and sign in with the password that you registered with.';
const WRONG = ['password', 'The e-mail address or the password is not right.'];

const WRONG_NOW = ['oldPassword', 'This is not your password.'];

/** What Cognito says in the text of an error that has several meanings. */
const BY_TEXT = {
  NotAuthorizedException: [
    [/disabled/i, ['', 'This account is disabled. Only an operator can enable it again.']],
    [/attempts exceeded/i, ['', TOO_MANY]],
    [/temporary password has expired/i, ['', 'Your temporary password has expired. Ask an operator for a new one.']],
    [/session/i, ['', 'That took too long. Cancel, and sign in again.']],
    [/cannot be confirmed/i, ['', 'This account is confirmed already. Cancel, and sign in.']],
  ],
  InvalidParameterException: [
    [/no registered\/verified/i, ['email', NOT_CONFIRMED]],
    [/previousPassword/i, WRONG_NOW],
    [/password/i, ['password', POLICY]],
    [/email/i, ['email', 'This is not an e-mail address that mail can be sent to.']],
    [/code/i, ['code', 'That is not the code that we sent.']],
  ],
};

const BY_NAME = {
  NetworkError: ['', NO_CONNECTION],
  NotAuthorizedException: WRONG,
  UserNotFoundException: WRONG,
  WrongPasswordNow: WRONG_NOW,
  UsernameExistsException: ['email', 'This e-mail address has an account already. Sign in instead.'],
  AliasExistsException: ['', 'This e-mail address belongs to another account already. Cancel, and sign in with that.'],
  InvalidPasswordException: ['password', POLICY],
  CodeMismatchException: ['code', 'That is not the code that we sent.'],
  ExpiredCodeException: ['code', 'This code is too old. Send a new one.'],
  EnableSoftwareTokenMFAException: ['code', 'That is not the code that your app shows.'],
  CodeDeliveryFailureException: ['email', 'No mail can be sent to this address. Check it.'],
  SignInException: ['', 'That took too long. Cancel, and sign in again.'],
  LimitExceededException: ['', TOO_MANY],
  TooManyRequestsException: ['', TOO_MANY],
  TooManyFailedAttemptsException: ['', TOO_MANY],
};

/** @returns {[string, string]} the field that a failed sign-in or registration is about, or '', and what to tell people. */
export function explain(error) {
  if (isOffline(error)) return ['', NO_CONNECTION];
  const meant = BY_TEXT[error?.name]?.find(([pattern]) => pattern.test(error.message));
  return meant?.[1] ?? BY_NAME[error?.name] ?? ['', UNKNOWN];
}

/** `fetch` throws a TypeError when there is no connection, and Amplify calls that a NetworkError; what takes too long is cut off. */
function isOffline(error) {
  return ['NetworkError', 'TimeoutError'].includes(error?.name) || (error instanceof TypeError && /fetch|network|load failed/i.test(error.message));
}

/** For answers that bring no words of their own, such as those of a proxy. */
const BY_STATUS = {
  403: 'You may not do this.',
  404: 'There is no such restaurant any more.',
  409: 'Something else came first. Look at your orders, then try again.',
  413: 'That is too much for one request.',
  429: 'You are too fast for us.',
  503: 'We cannot answer just now.',
};

/** @returns {string} what a service's refusal says, and when to come back. */
export function refusal(status, problem, waitSeconds) {
  const fields = problem.errors?.map(({ message }) => message).filter(Boolean).join('. ');
  const said = fields || problem.detail || BY_STATUS[status] || problem.title || UNKNOWN;
  return waitSeconds ? `${said} Come back in ${inWords(waitSeconds)}.` : said;
}

/** @returns {string} a duration as people say it. */
export function inWords(seconds) {
  const [count, unit] = seconds < 60 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** How far an order has come. */
export const STATES = {
  placed: 'Telling the restaurant …',
  notified: 'The restaurant has your order',
  accepted: 'Accepted: they are cooking',
  rejected: 'Declined by the restaurant',
  expired: 'The restaurant did not answer in time',
  cancelled: 'Cancelled by you',
};

/** What happened to an order, step by step. */
export const IN_HISTORY = {
  placed: 'You ordered',
  notified: 'The restaurant got your order',
  accepted: 'The restaurant accepted',
  rejected: 'The restaurant declined',
  expired: 'The restaurant did not answer in time',
  cancelled: 'You cancelled',
};
