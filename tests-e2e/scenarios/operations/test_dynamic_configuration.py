"""Operators change configuration without a deployment."""

import json
from collections.abc import Callable, Iterator

import pytest

from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import then, when
from support.polling import until
from support.stage import Stage
from support.stagectl_command import stagectl

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
    _wait_until(stage, lambda: _length_of_the_list(driver), length)


def _wait_until(stage: Stage, length: Callable[[], int], expected: int) -> None:
    time_to_live_seconds = float(
        stage.environment("restaurants", "get-restaurants")["PARAMETERS_MAX_AGE_SECONDS"]
    )
    until(
        length,
        lambda seen: seen == expected,
        within_seconds=time_to_live_seconds + MARGIN_SECONDS,
        what=f"{expected} restaurants",
    )


def _length_of_the_list(driver: Driver) -> int:
    return len(then.it_shows_restaurants(when.a_service_lists_restaurants(driver)))


@pytest.mark.http_only
@pytest.mark.emulator_only  # an operator's credentials, which a suite does not have on AWS
def test_an_operator_switches_a_flag_on_for_one_customer(
    driver: Driver, stage: Stage, customer: User, any_customer: User
) -> None:
    function = "restaurants/search-restaurants"

    def found_by(one: User) -> int:
        answer = when.a_user_searches(driver, one.id_token, {"theme": "cartoon"})
        return len(then.it_shows_restaurants(answer))

    everyone = found_by(customer)
    written = json.dumps({"longPages": {"users": [customer.user_id]}, "longPageResults": 1})
    stagectl(stage, "config", "set", function, written)
    try:
        _wait_until(stage, lambda: found_by(customer), 1)
        assert found_by(any_customer) == everyone > 1
        for invalid in ('{"longPages": {"percent": 110}}', '{"longPage": {"percent": 10}}'):
            refused = stagectl(stage, "config", "set", function, invalid)
            assert (refused.returncode, "longPage" in refused.stderr) == (2, True)
        assert json.loads(stagectl(stage, "config", "get", function, "--json").stdout)[
            "written"
        ] == json.loads(written)
    finally:
        stagectl(stage, "config", "set", function, "{}")
    _wait_until(stage, lambda: found_by(customer), everyone)
