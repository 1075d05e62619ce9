"""Give a stage people to try it with.

Run by `stagectl seed`. When SIGN_INS_FILE names a file, the sign-ins are written there as JSON,
`[{"role": …, "email": …, "password": …, "userPoolId": …}, …]`, and a person whose sign-in stands there
keeps it.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from service_kit.aws import client
from service_kit.parameters import Published

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = ("role", "email", "password", "userPoolId")


@dataclass(frozen=True)
class Person:
    """A person of the demo.

    Attributes:
        username: The user name, and the first part of the address.
        role: What the person is, for those who try the stage.
        given_name: The given name.
        family_name: The family name.
    """

    username: str
    role: str
    given_name: str
    family_name: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.username}@bigmouth.example"


PEOPLE = [
    Person("demo", "customer", "Demo", "Customer"),
    # begin only-with-example-services
    # Staff of all seeded restaurants, by this address: see the seed of restaurants.
    Person("kitchen", "restaurant", "Demo", "Kitchen"),
    # end only-with-example-services
]


def seed(known: Mapping[str, dict[str, str]]) -> list[dict[str, str]]:
    """Create the people, or set a new password for those whose password is unknown; return the sign-ins.

    Args:
        known: The sign-ins that an earlier run wrote, by address.
    """
    user_pool_id = Published("auth", "userPoolId").get()
    return [_sign_in(person, known.get(person.email), user_pool_id) for person in PEOPLE]


def _sign_in(person: Person, known: dict[str, str] | None, user_pool_id: str) -> dict[str, str]:
    cognito = client("cognito-idp")
    try:
        cognito.admin_create_user(
            UserPoolId=user_pool_id,
            Username=person.username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": person.email},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "given_name", "Value": person.given_name},
                {"Name": "family_name", "Value": person.family_name},
            ],
        )
    except cognito.exceptions.UsernameExistsException:
        if known and known["userPoolId"] == user_pool_id:
            return known
        print(f"{person.email} gets a new password, as this machine does not know the one that it had")
    # The prefix meets the pool's policy whatever the random part is.
    password = f"Aa1!{secrets.token_urlsafe(9)}"
    cognito.admin_set_user_password(
        UserPoolId=user_pool_id, Username=person.username, Password=password, Permanent=True
    )
    return {"role": person.role, "email": person.email, "password": password, "userPoolId": user_pool_id}


def read(file: Path) -> dict[str, dict[str, str]]:
    """Return the sign-ins that a file holds, by address; none when it is missing or damaged."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return {entry["email"]: {name: str(entry[name]) for name in FIELDS} for entry in document}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def write(sign_ins: list[dict[str, str]], file: Path) -> None:
    """Write the sign-ins where only their reader looks."""
    # A new file, since one that exists keeps the mode that it has.
    file.unlink(missing_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(json.dumps(sign_ins), encoding="utf-8")


if __name__ == "__main__":
    place = os.environ.get("SIGN_INS_FILE")
    if place:
        write(seed(read(Path(place))), Path(place))
    else:
        for made in seed({}):
            print(f"sign in as {made['email']} with the password {made['password']}")
