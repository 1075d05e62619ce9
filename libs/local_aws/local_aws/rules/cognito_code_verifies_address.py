"""A code that confirms a sign-up verifies the address that it was sent to.

An operator's confirmation (`AdminConfirmSignUp`) verifies no address.

https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import cognito

Answer = tuple[int, dict[str, str], Any]
Operation = Callable[[dict[str, Any]], Answer]

OK = 200


def install() -> None:
    """Make a confirmation by code complete."""
    cognito._confirm_sign_up = verifying(cognito._confirm_sign_up)


def verifying(confirm: Operation) -> Operation:
    """Mark the user's address as verified once its code is accepted."""

    @wraps(confirm)
    def operation(data: dict[str, Any]) -> Answer:
        answer = confirm(data)
        if answer[0] == OK:
            pool = next(pool for pool in cognito._user_pools.values() if data["ClientId"] in pool["_clients"])
            user, _ = cognito._resolve_user(pool, data["Username"])
            verify(pool, user)
        return answer

    return operation


def verify(pool: dict[str, Any], user: dict[str, Any]) -> None:
    """Mark what the pool verifies and the user has as verified."""
    attributes = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
    for name in pool.get("AutoVerifiedAttributes") or []:
        if name in attributes:
            attributes[f"{name}_verified"] = "true"
    user["Attributes"] = [{"Name": name, "Value": value} for name, value in attributes.items()]
