"""Gives a stage a customer to try it with.

Run by `stagectl seed`. The customer gets a new random password each time; when SIGN_IN_FILE names a file, the
sign-in is written there as JSON, `{"email": …, "password": …}`.
"""

import json
import os
import secrets
from pathlib import Path

from service_kit.clients import client
from service_kit.discovery import published

EMAIL = "demo@bigmouth.example"
USERNAME = "demo"


def seed() -> dict[str, str]:
    """Make the customer, or give it a new password, and tell the sign-in."""
    cognito = client("cognito-idp")
    user_pool_id = published("auth", "userPoolId")
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
        print("the demo customer gets a new password")
    # The prefix meets the pool's policy whatever the random part is.
    password = f"Aa1!{secrets.token_urlsafe(9)}"
    cognito.admin_set_user_password(
        UserPoolId=user_pool_id, Username=USERNAME, Password=password, Permanent=True
    )
    return {"email": EMAIL, "password": password}


def tell(sign_in: dict[str, str], file: str | None) -> None:
    """Write the sign-in where only its reader looks, or print it."""
    if file is None:
        print(f"sign in as {sign_in['email']} with the password {sign_in['password']}")
        return
    path = Path(file)
    # Made anew, since a file that is there keeps the mode that it has.
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(json.dumps(sign_in))


if __name__ == "__main__":
    tell(seed(), os.environ.get("SIGN_IN_FILE"))
