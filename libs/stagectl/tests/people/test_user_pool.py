from typing import Any

import pytest

from stagectl.errors import UsageError
from stagectl.people.user_pool import UnknownUserError, UserPool, temporary_password

from ..fakes.people import FakeCognito


@pytest.fixture
def cognito() -> FakeCognito:
    return FakeCognito()


@pytest.fixture
def pool(cognito: Any) -> UserPool:
    return UserPool(cognito, "pool-1", "dev")


def test_a_user_is_found_by_address_id_and_name(cognito: FakeCognito, pool: UserPool) -> None:
    user_id = cognito.having("ada@example.com", given_name="Ada")
    cognito.having("bob@example.com")
    (name,) = [name for name, user in cognito.users.items() if user["Attributes"][0]["Value"][0] == "a"]

    found = [pool.find(who) for who in ("Ada@Example.com", user_id, name)]

    assert {user.user_id for user in found} == {user_id}
    assert found[0].given_name == "Ada"


@pytest.mark.parametrize("who", ["nobody@example.com", "nobody", 'a" or "b@example.com', "", "\\"])
def test_an_unknown_user_is_an_error_that_says_how_to_list_users(pool: UserPool, who: str) -> None:
    with pytest.raises(UnknownUserError, match="To list users: stagectl users list --stage dev"):
        pool.find(who)


def test_an_address_of_several_users_is_an_error_that_lists_their_ids(
    cognito: FakeCognito, pool: UserPool
) -> None:
    ids = [cognito.having("ada@example.com") for _ in range(2)]

    with pytest.raises(UsageError, match=f"Pass a user id: {', '.join(ids)}"):
        pool.find("ada@example.com")


def test_a_user_is_created_without_mail_under_a_random_name(cognito: FakeCognito, pool: UserPool) -> None:
    user = pool.create("Ada@Example.com", "Ada", "Lovelace", password="Secret1!")

    assert (user.email, user.is_verified) == ("ada@example.com", True)
    (request,) = cognito.requests
    assert request["MessageAction"] == "SUPPRESS"
    assert "@" not in request["Username"]


def test_an_invited_user_gets_a_mail_and_another_one_when_asked(cognito: FakeCognito, pool: UserPool) -> None:
    pool.invite_again(pool.create("ada@example.com", "Ada", "Lovelace", password=None))

    first, second = cognito.requests
    assert "MessageAction" not in first
    assert (second["MessageAction"], second["Username"]) == ("RESEND", first["Username"])


def test_an_address_with_a_user_is_not_added_again(cognito: FakeCognito, pool: UserPool) -> None:
    cognito.having("ada@example.com")

    with pytest.raises(UsageError, match="The address has a user already"):
        pool.create("ADA@example.com", "Ada", "Lovelace", password=None)
    assert cognito.requests == []


def test_who_has_a_password_is_not_invited_again(cognito: FakeCognito, pool: UserPool) -> None:
    cognito.having("ada@example.com")

    with pytest.raises(UsageError, match="has chosen a password already"):
        pool.invite_again(pool.find("ada@example.com"))


def test_disabling_revokes_refresh_tokens(cognito: FakeCognito, pool: UserPool) -> None:
    user = pool.find(cognito.having("ada@example.com"))

    pool.disable(user)

    assert not pool.find(user.user_id).is_enabled
    assert cognito.revoked == [user.username]
    pool.enable(user)
    assert pool.find(user.user_id).is_enabled


def test_a_user_who_is_gone_can_be_deleted_again(cognito: FakeCognito, pool: UserPool) -> None:
    user = pool.find(cognito.having("ada@example.com"))

    pool.delete(user)
    pool.delete(user)

    assert cognito.users == {}


def test_an_unknown_group_is_an_error_that_lists_the_groups(pool: UserPool) -> None:
    with pytest.raises(UsageError, match=r"no group chefs\. Groups: restaurant-admins"):
        pool.check_groups(["restaurant-admins", "chefs"])


def test_a_temporary_password_meets_the_policy_of_the_pool() -> None:
    password = temporary_password()

    assert len(password) >= 8
    assert password != temporary_password()
    for kind in (str.islower, str.isupper, str.isdigit, lambda one: not one.isalnum()):
        assert any(kind(one) for one in password)
