import pytest

from stagectl.terminal import hints

SERVICES = ("auth", "orders", "restaurants")


def test_a_mistyped_name_is_answered_with_the_one_that_was_meant_and_all_that_exist() -> None:
    assert hints.unknown("service", "order", SERVICES) == (
        "There is no service order. Did you mean orders? Services: auth, orders, restaurants."
    )


@pytest.mark.parametrize("name", ["zzz", ""])
def test_a_name_that_is_like_no_other_gets_the_list_only(name: str) -> None:
    assert hints.unknown("service", name, SERVICES, where=" on dev") == (
        f"There is no service {name} on dev. Services: auth, orders, restaurants."
    )


def test_without_any_name_the_list_says_none() -> None:
    assert hints.unknown("group", "staff", ()) == "There is no group staff. Groups: none."


def test_of_a_long_list_only_close_names_are_shown() -> None:
    known = ["ssmStage", *(f"value{number}" for number in range(100))]

    assert (
        hints.unknown("parameter", "ssmStag", known)
        == "There is no parameter ssmStag. Did you mean ssmStage?"
    )


def test_a_long_list_without_a_close_name_is_cut() -> None:
    assert hints.unknown("parameter", "x", [f"1{number}" for number in range(100)]).endswith("118, 119, ….")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ORDERS", "orders"),
        ("oders", "orders"),
        ("rant", "restaurants"),
    ],
)
def test_case_letters_and_parts_are_recognised(name: str, meant: str) -> None:
    assert hints.did_you_mean(name, SERVICES) == f"Did you mean {meant}?"
