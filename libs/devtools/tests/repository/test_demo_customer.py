"""The customer that a stage is seeded with."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from service_kit.parameters import Published
from service_kit.testing import replace_client

SCRIPT = str(Path(__file__).parents[4] / "services" / "auth" / "seed.py")


class FakeCognito:
    """A pool that has the customer, or not, and remembers its password."""

    class exceptions:  # noqa: N801, as boto3 spells it
        class UsernameExistsException(Exception):  # noqa: N818, as boto3 spells it
            pass

    def __init__(self, *, is_there: bool) -> None:
        self.is_there = is_there
        self.password: str | None = None

    def admin_create_user(self, **_: Any) -> None:
        if self.is_there:
            raise self.exceptions.UsernameExistsException
        self.is_there = True

    def admin_set_user_password(self, *, Password: str, **_: Any) -> None:  # noqa: N803, as boto3 spells it
        self.password = Password


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> FakeCognito:
    fake = FakeCognito(is_there=False)
    replace_client(monkeypatch, "cognito-idp", fake)
    monkeypatch.setattr(Published, "get", lambda _: "pool-1")
    return fake


def script() -> dict[str, Any]:
    return runpy.run_path(SCRIPT)


def test_a_customer_whose_sign_in_is_known_keeps_it(pool: FakeCognito, tmp_path: Path) -> None:
    functions = script()
    file = tmp_path / "sign-in.json"
    functions["write"](functions["seed"](None), file)
    first, pool.password = pool.password, None

    again = functions["seed"](functions["read"](file))

    assert again["password"] == first
    assert pool.password is None
    assert file.stat().st_mode & 0o077 == 0


def test_a_sign_in_of_an_earlier_pool_is_replaced(pool: FakeCognito) -> None:
    pool.is_there = True
    known = {"email": "demo@bigmouth.example", "password": "old", "userPoolId": "pool-0"}

    sign_in = script()["seed"](known)

    assert sign_in["password"] == pool.password != "old"
    assert sign_in["userPoolId"] == "pool-1"


def test_a_new_password_of_a_customer_that_exists_is_announced(
    pool: FakeCognito, capsys: pytest.CaptureFixture[str]
) -> None:
    pool.is_there = True

    script()["seed"](None)

    assert "demo@bigmouth.example gets a new password" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 50_000, '{"email": "a@example.com"}'])
def test_a_damaged_file_holds_no_sign_in(tmp_path: Path, content: str) -> None:
    file = tmp_path / "sign-in.json"
    file.write_text(content)

    assert script()["read"](file) is None
