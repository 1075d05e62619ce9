"""Everybody whose registration is confirmed becomes a customer."""

from typing import Protocol

CUSTOMERS = "customers"
SIGN_UP_CONFIRMED = "PostConfirmation_ConfirmSignUp"


class Users(Protocol):
    """The users of a user pool."""

    def join(self, username: str, group: str) -> None:
        """Put a user into a group; doing it again changes nothing."""

    def mark_email_verified(self, username: str) -> None:
        """Note that the user's e-mail address is the user's own, which makes it a name to sign in with."""


def join_customers(users: Users, *, username: str, trigger: str, email_verified: bool) -> None:
    """Let a new user sign in by e-mail, as a customer.

    A user who typed the code has a verified address already. One whom an operator confirmed has not, and
    could not sign in with it.

    Cognito runs the same trigger after a forgotten password is confirmed; that user joined long ago, and may
    have been taken out of the group since, so only a confirmed sign-up counts.
    """
    if trigger != SIGN_UP_CONFIRMED:
        return
    if not email_verified:
        users.mark_email_verified(username)
    users.join(username, CUSTOMERS)
