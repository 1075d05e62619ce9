"""The people that a stage is seeded with."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from service_kit.parameters import Published
from service_kit.testing import replace_client

SCRIPT = str(Path(__file__).parents[4] / "services" / "auth" / "seed.py")
DEMO = "demo@bigmouth.example"


class FakeCognito:
    """A pool that remembers the password of each of its users."""

    class exceptions:  # noqa: N801, as boto3 spells it
        class UsernameExistsException(Exception):  # noqa: N818, as boto3 spells it
            pass

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}
        self.passwords: dict[str, str] = {}

    def admin_create_user(
        self,
        *,
        Username: str,  # noqa: N803, as boto3 spells it
        UserAttributes: list[dict[str, str]],  # noqa: N803, as boto3 spells it
        **_: Any,
    ) -> None:
        if Username in self.addresses:
            raise self.exceptions.UsernameExistsException
        attributes = {attribute["Name"]: attribute["Value"] for attribute in UserAttributes}
        assert attributes["email_verified"] == "true"
        self.addresses[Username] = attributes["email"]

    def admin_set_user_password(self, *, Username: str, Password: str, **_: Any) -> None:  # noqa: N803, as boto3 spells it
        self.passwords[self.addresses[Username]] = Password


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> FakeCognito:
    fake = FakeCognito()
    replace_client(monkeypatch, "cognito-idp", fake)
    monkeypatch.setattr(Published, "get", lambda _: "pool-1")
    return fake


def script() -> dict[str, Any]:
    return runpy.run_path(SCRIPT)


def test_the_people_of_the_demo_can_sign_in(pool: FakeCognito) -> None:
    sign_ins = script()["seed"]({})

    assert [(one["role"], one["email"]) for one in sign_ins] == [
        ("customer", DEMO),
        ("restaurant", "kitchen@bigmouth.example"),  # only-with-example-services
    ]
    assert {one["email"]: one["password"] for one in sign_ins} == pool.passwords
    assert len(set(pool.passwords.values())) == len(sign_ins)


def test_people_whose_sign_ins_are_known_keep_them(pool: FakeCognito, tmp_path: Path) -> None:
    functions = script()
    file = tmp_path / "sign-ins.json"
    first = functions["seed"]({})
    functions["write"](first, file)
    pool.passwords.clear()

    again = functions["seed"](functions["read"](file))

    assert again == first
    assert pool.passwords == {}
    assert file.stat().st_mode & 0o077 == 0


def test_sign_ins_of_an_earlier_pool_are_replaced(pool: FakeCognito) -> None:
    functions = script()
    known = {one["email"]: one | {"userPoolId": "pool-0"} for one in functions["seed"]({})}

    sign_ins = functions["seed"](known)

    assert [one["password"] for one in sign_ins] == list(pool.passwords.values())
    assert [one["password"] for one in sign_ins] != [one["password"] for one in known.values()]
    assert {one["userPoolId"] for one in sign_ins} == {"pool-1"}


def test_a_person_whose_sign_in_is_unknown_gets_a_new_password_and_the_others_keep_theirs(
    pool: FakeCognito, capsys: pytest.CaptureFixture[str]
) -> None:
    functions = script()
    customer, *others = functions["seed"]({})

    again = functions["seed"]({one["email"]: one for one in others})

    assert again[1:] == others
    assert again[0]["password"] == pool.passwords[DEMO] != customer["password"]
    assert f"{DEMO} gets a new password" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["", "{}", "{", "[" * 50_000, "[1]", json.dumps([{"email": "a@example.com"}])]
)
def test_a_damaged_file_holds_no_sign_ins(tmp_path: Path, content: str) -> None:
    file = tmp_path / "sign-ins.json"
    file.write_text(content)

    assert script()["read"](file) == {}
