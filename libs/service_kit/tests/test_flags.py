import itertools
import statistics
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from service_kit.parameters.flags import WRITTEN_AT, Flag


class LongPages(Flag):
    """One flag."""


class NewRanking(Flag):
    """Another one."""


CUSTOMERS = [str(uuid.UUID(int=number, version=4)) for number in range(10_000)]
NOW = datetime.now(UTC)


def those_with(flag: Flag) -> set[str]:
    return {customer for customer in CUSTOMERS if flag.is_on(user_id=customer)}


def test_a_flag_is_off_for_everyone_by_default() -> None:
    assert those_with(LongPages()) == set()
    assert not LongPages().is_on(restaurant="Fangtasia")
    assert not LongPages(percent=100).is_on()


@pytest.mark.parametrize("percent", [0, 1, 10, 50, 99.5, 100])
def test_a_share_holds_within_two_per_cent_of_ten_thousand_customers(percent: float) -> None:
    assert abs(len(those_with(LongPages(percent=percent))) / 100 - percent) <= min(2, percent)


def test_a_share_is_of_the_same_customers_at_every_evaluation() -> None:
    assert those_with(LongPages(percent=10)) == those_with(LongPages(percent=10))


def test_the_share_of_a_flag_stays_the_same_from_one_release_to_the_next() -> None:
    ten = LongPages(percent=10)
    assert [number for number in range(100) if ten.is_on(user_id=f"customer-{number}")] == [14, 44, 60, 97]


def test_nobody_falls_out_when_a_share_grows() -> None:
    shares = [those_with(LongPages(percent=percent)) for percent in (1, 5, 10, 25, 50, 100)]
    assert all(smaller < larger for smaller, larger in itertools.pairwise(shares))


def test_two_flags_are_independent() -> None:
    # Of the customers with one flag, as many have the other as of all; a share of 50 shows it best.
    both = those_with(LongPages(percent=50)) & those_with(NewRanking(percent=50))
    assert statistics.fmean(customer in both for customer in CUSTOMERS) == pytest.approx(0.25, abs=0.02)


def test_named_users_and_restaurants_have_it_whatever_the_share() -> None:
    flag = LongPages(users=frozenset({"ada"}), restaurants=frozenset({"Fangtasia"}))
    assert (flag.is_on(user_id="ada"), flag.is_on(user_id="bob")) == (True, False)
    assert flag.is_on(user_id="bob", restaurant="Fangtasia")


def test_it_is_on_only_on_the_named_stages() -> None:
    # The tests' stage is `test`.
    assert LongPages(percent=100, stages=frozenset({"test", "dev"})).is_on(user_id="ada")
    assert not LongPages(percent=100, users=frozenset({"ada"}), stages=frozenset({"dev"})).is_on(
        user_id="ada"
    )


@pytest.mark.parametrize(("until", "is_on"), [(NOW + timedelta(hours=1), True), (NOW, False), (None, True)])
def test_it_ends_for_everyone_at_its_time(until: datetime | None, is_on: bool) -> None:
    flag = LongPages(percent=100, users=frozenset({"ada"}), until=until)
    assert flag.is_on(user_id="ada") == is_on


@pytest.mark.parametrize(
    "document", ['{"percent": 110}', '{"percent": -1}', '{"until": "2030-01-01T00:00:00"}']
)
def test_a_share_beyond_100_or_below_0_or_a_time_without_offset_is_refused(document: str) -> None:
    with pytest.raises(ValidationError):
        LongPages.model_validate_json(document)


def test_a_past_end_is_read_and_not_written() -> None:
    document = f'{{"until": "{(NOW - timedelta(days=1)).isoformat()}"}}'
    assert LongPages.model_validate_json(document).until is not None
    with pytest.raises(ValidationError, match="should be in the future"):
        LongPages.model_validate_json(document, context={WRITTEN_AT: NOW})
