"""Everybody who confirms an e-mail address becomes a customer."""

from typing import Protocol

CUSTOMERS = "customers"
SIGN_UP_CONFIRMED = "PostConfirmation_ConfirmSignUp"


class Groups(Protocol):
    """The groups of a user pool."""

    def add(self, user_pool_id: str, username: str, group: str) -> None:
        """Put a user into a group; doing it again changes nothing."""


def join_customers(groups: Groups, *, user_pool_id: str, username: str, trigger: str) -> None:
    """Put a new user into the group `customers`.

    Cognito runs the same trigger after a forgotten password is confirmed; that user joined long ago, and may
    have been taken out of the group since, so only a confirmed sign-up counts.
    """
    if trigger == SIGN_UP_CONFIRMED:
        groups.add(user_pool_id, username, CUSTOMERS)
