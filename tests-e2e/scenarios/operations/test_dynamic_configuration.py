"""Operators change configuration without a deployment."""

from collections.abc import Iterator

import pytest

from drivers.exchange import Driver
from steps import given, then, when
from support.polling import until
from support.stage import Stage

pytestmark = pytest.mark.about("restaurants")

# For the request that finds the value stale, and the network.
MARGIN_SECONDS = 10


@pytest.fixture
def get_restaurants_config(stage: Stage, driver: Driver) -> Iterator[str]:
    """The path of the list's configuration; afterwards the old value is in force again."""
    if stage.ssm_stage("restaurants", "get-restaurants") != stage.name:
        pytest.skip("this stage reads another stage's configuration, which is not this suite's to change")
    length = _length_of_the_list(driver)
    yield stage.parameter_path("restaurants", "get-restaurants", "config")
    _wait_for_length(stage, driver, length)


def test_a_changed_default_changes_the_lists_length_within_its_time_to_live(
    driver: Driver, stage: Stage, get_restaurants_config: str
) -> None:
    with given.a_changed_configuration(stage, get_restaurants_config, {"defaultResults": 3}):
        _wait_for_length(stage, driver, 3)


def _wait_for_length(stage: Stage, driver: Driver, length: int) -> None:
    time_to_live_seconds = float(
        stage.environment("restaurants", "get-restaurants")["PARAMETERS_MAX_AGE_SECONDS"]
    )
    until(
        lambda: _length_of_the_list(driver),
        lambda seen: seen == length,
        within_seconds=time_to_live_seconds + MARGIN_SECONDS,
        what=f"{length} restaurants",
    )


def _length_of_the_list(driver: Driver) -> int:
    return len(then.it_shows_restaurants(when.a_service_lists_restaurants(driver)))
