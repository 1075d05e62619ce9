import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from stagectl.people.traces import Marks
from stagectl.people.user_pool import User

NOW = datetime.now(tz=UTC)
ADA = User(
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "0b8f7a52-3f2c-4d0e-9c39-4d5e1f6a7b8c",
    "Zoë.Lovelace@Example.com",
    "Zoë",
    "Lovelace",
    True,
    True,
    "CONFIRMED",
    NOW,
    NOW,
)


@pytest.mark.parametrize(
    "text",
    [
        '{"customerId": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}',
        "user 0B8F7A52-3F2C-4D0E-9C39-4D5E1F6A7B8C signed in",
        "mail to zoë.lovelace@example.com",
        json.dumps({"email": "Zoë.Lovelace@example.com"}),
        "GET /staff/Zo%C3%AB.Lovelace%40Example.com",
        # Decomposed: e and a diaeresis.
        "mail to zoe\u0308.lovelace@example.com",
        "Zoë Lovelace",
        json.dumps({"familyName": "Lovelace", "age": 36, "givenName": "Zoë"}),
    ],
)
def test_a_text_that_names_the_person_is_recognised(text: str) -> None:
    assert Marks(ADA).are_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zoë's Diner",
        "Lovelace Street",
        "Zoëlle Lovelace",
        f"Zoë{' ' * 300}Lovelace",
        "7c9e6679-7425-40de-944b-e07fc1f90ae8",
        "",
    ],
)
def test_a_text_that_may_mean_another_is_not(text: str) -> None:
    assert not Marks(ADA).are_in(text)


@pytest.mark.parametrize(
    ("missing", "text"),
    [
        ("given_name", "Zoë Lovelace"),
        ("family_name", "Zoë Lovelace"),
        ("email", "an empty mark is in every text"),
        ("username", "an empty mark is in every text"),
    ],
)
def test_what_is_not_known_of_a_person_is_in_no_text(missing: str, text: str) -> None:
    changes: Any = {missing: ""}
    marks = Marks(replace(ADA, **changes))

    assert not marks.are_in(text)
    assert marks.are_in(ADA.user_id)


def test_a_user_name_that_is_a_word_is_no_mark() -> None:
    assert not Marks(replace(ADA, username="demo")).are_in("the demo is over")
