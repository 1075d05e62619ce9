// The signed-in customer's own account: profile, password, and signing out everywhere.

import { attempt } from './attempt.js';
import { closeDialog, fill, onSubmit, openDialog } from './dialogs.js';
import { byId, say, whileBusy } from './page.js';
import * as session from './session.js';

const profileDialog = byId('profile-dialog');
const passwordDialog = byId('password-dialog');

/** Connects the dialogs of the account. */
export function connect() {
  byId('open-profile').addEventListener('click', ({ currentTarget }) =>
    whileBusy(currentTarget, () =>
      attempt('Sign in to see your profile.', async () => {
        fill(profileDialog, await session.profile());
        openDialog(profileDialog);
      }),
    ),
  );
  byId('open-password').addEventListener('click', () => {
    closeDialog(profileDialog);
    openDialog(passwordDialog);
  });
  byId('sign-out-everywhere').addEventListener('click', ({ currentTarget }) =>
    whileBusy(currentTarget, async () => {
      closeDialog(profileDialog);
      await attempt('Sign in to sign out everywhere.', async () => {
        await session.signOutEverywhere();
        say('You are signed out here. Your other devices follow within 15 minutes.');
        byId('open-sign-in').focus();
      });
    }),
  );
  onSubmit(profileDialog, (profile) => session.saveProfile(profile));
  onSubmit(passwordDialog, ({ oldPassword, password }) => session.changePassword(oldPassword, password));
}
