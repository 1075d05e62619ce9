"""Gives a stage a customer to try it with.

Run by `stagectl seed`. When SIGN_IN_FILE names a file, the sign-in is written there as JSON,
`{"email": …, "password": …, "userPoolId": …}`, and a customer whose sign-in stands there keeps it.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from service_kit.aws import client
from service_kit.parameters import Published

EMAIL = "demo@bigmouth.example"
USERNAME = "demo"


def seed(known: dict[str, str] | None) -> dict[str, str]:
    """Make the customer, or give a customer whose password is not known a new one; return the sign-in.

    Args:
        known: The sign-in that an earlier run wrote.
    """
    cognito = client("cognito-idp")
    user_pool_id = Published("auth", "userPoolId").get()
    try:
        cognito.admin_create_user(
            UserPoolId=user_pool_id,
            Username=USERNAME,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": EMAIL},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "given_name", "Value": "Demo"},
                {"Name": "family_name", "Value": "Customer"},
            ],
        )
    except cognito.exceptions.UsernameExistsException:
        if known and known["userPoolId"] == user_pool_id:
            return known
        print(f"{EMAIL} gets a new password, as this machine does not know the one that it had")
    # The prefix meets the pool's policy whatever the random part is.
    password = f"Aa1!{secrets.token_urlsafe(9)}"
    cognito.admin_set_user_password(
        UserPoolId=user_pool_id, Username=USERNAME, Password=password, Permanent=True
    )
    return {"email": EMAIL, "password": password, "userPoolId": user_pool_id}


def read(file: Path) -> dict[str, str] | None:
    """Return the sign-in that a file holds, or None when it holds none."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return {name: str(document[name]) for name in ("email", "password", "userPoolId")}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def write(sign_in: dict[str, str], file: Path) -> None:
    """Write the sign-in where only its reader looks."""
    # A new file, since one that exists keeps the mode that it has.
    file.unlink(missing_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(json.dumps(sign_in), encoding="utf-8")


if __name__ == "__main__":
    place = os.environ.get("SIGN_IN_FILE")
    if place:
        write(seed(read(Path(place))), Path(place))
    else:
        made = seed(None)
        print(f"sign in as {made['email']} with the password {made['password']}")
