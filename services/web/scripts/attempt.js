// Doing something that may need a sign-in first, without losing what it was.

import { Refused } from './api.js';
import { askToSignIn } from './dialogs.js';
import { say } from './page.js';
import { SignInNeeded } from './session.js';
import { explain } from './words.js';

/** Runs `work`; when that needs a sign-in, asks for it with a reason and then runs `work` again. */
export async function attempt(reason, work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof SignInNeeded) askToSignIn({ reason, next: () => attempt(reason, work) });
    else say(error instanceof Refused ? error.message : explain(error)[1], { bad: true });
  }
}
