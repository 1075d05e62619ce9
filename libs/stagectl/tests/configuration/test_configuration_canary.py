from collections import Counter
from datetime import timedelta
from typing import Any, cast

import pytest
from pydantic import BaseModel, Field

from service_kit.parameters import CANARY, Config
from stagectl.configuration import stored as stored_configuration
from stagectl.configuration.canary import Canary
from stagectl.configuration.stored import StoredConfiguration
from stagectl.errors import StagectlError, UsageError

from ..fakes.ssm import FakeSsm

NAME = "/orders/dev/place-order/config"
FIVE_MINUTES = timedelta(minutes=5)


class Patience(BaseModel):
    seconds: int = Field(default=900, alias="patienceSeconds")


@pytest.fixture
def ssm() -> FakeSsm:
    fake = FakeSsm()
    fake.put_parameter(Name=NAME, Type="String", Value='{"patienceSeconds": 600}')
    return fake


@pytest.fixture
def stored(ssm: FakeSsm) -> StoredConfiguration:
    return StoredConfiguration(cast("Any", ssm), NAME)


def values_on_a_stage(ssm: FakeSsm, monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """Return what a function reads in a thousand invocations, by its own code."""
    for name, value in {
        "POWERTOOLS_SERVICE_NAME": "orders",
        "STAGE": "dev",
        "AWS_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SERVICE_KIT_PARAMETERS", "on")
    config = Config(Patience, function="place-order", fetch=lambda name, _: ssm.values()[name])
    return Counter(config.get().seconds for _ in range(1000))


def test_the_reserved_field_is_the_one_that_functions_read() -> None:
    assert stored_configuration.CANARY == CANARY


def test_a_candidate_serves_its_share_and_then_all(
    ssm: FakeSsm, stored: StoredConfiguration, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Counter[int]] = []

    def quiet(lasting: timedelta) -> list[str]:
        assert lasting == FIVE_MINUTES
        seen.append(values_on_a_stage(ssm, monkeypatch))
        return []

    number = Canary(25, FIVE_MINUTES, quiet).run(stored, stored.newest(), {"patienceSeconds": 700})

    assert seen[0].keys() == {600, 700}
    assert seen[0][700] / 1000 == pytest.approx(0.25, abs=0.08)
    assert (number, ssm.values()[NAME]) == (3, '{"patienceSeconds": 700}')
    assert values_on_a_stage(ssm, monkeypatch) == {700: 1000}


def test_an_alarm_returns_all_to_the_value_before(ssm: FakeSsm, stored: StoredConfiguration) -> None:
    with pytest.raises(StagectlError, match=r"orders-dev-place-order-errors\. The value before serves all"):
        Canary(10, FIVE_MINUTES, lambda _: ["orders-dev-place-order-errors"]).run(stored, stored.newest(), {})
    assert ssm.values()[NAME] == '{"patienceSeconds": 600}'


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ConnectionError()], ids=repr)
def test_an_interrupt_or_a_failure_returns_all_to_the_value_before(
    ssm: FakeSsm, stored: StoredConfiguration, error: BaseException
) -> None:
    def interrupted(_: timedelta) -> list[str]:
        raise error

    with pytest.raises(type(error)):
        Canary(10, FIVE_MINUTES, interrupted).run(stored, stored.newest(), {})
    assert ssm.values()[NAME] == '{"patienceSeconds": 600}'


def test_a_canary_whose_watcher_is_gone_ends_by_itself(
    ssm: FakeSsm, stored: StoredConfiguration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: timedelta) -> list[str]:
        ssm.fail_after_writes = 0
        raise KeyboardInterrupt

    with pytest.raises(ConnectionError):
        Canary(50, timedelta(minutes=-3), gone).run(stored, stored.newest(), {"patienceSeconds": 700})
    assert CANARY in stored.newest().document
    assert not stored.newest().has_running_canary
    assert values_on_a_stage(ssm, monkeypatch) == {600: 1000}


@pytest.mark.parametrize("fired", [[], ["an-alarm"]])
def test_what_another_program_writes_meanwhile_stays(
    ssm: FakeSsm, stored: StoredConfiguration, fired: list[str]
) -> None:
    def meanwhile(_: timedelta) -> list[str]:
        ssm.put_parameter(Name=NAME, Type="String", Value='{"patienceSeconds": 5}', Overwrite=True)
        return fired

    with pytest.raises(UsageError, match=r"version 3 of .* was found and 2 expected"):
        Canary(10, FIVE_MINUTES, meanwhile).run(stored, stored.newest(), {})
    assert ssm.values()[NAME] == '{"patienceSeconds": 5}'


def test_a_canary_of_what_was_not_configured_returns_to_the_defaults() -> None:
    ssm = FakeSsm()
    stored = StoredConfiguration(cast("Any", ssm), NAME)
    with pytest.raises(StagectlError, match="In alarm"):
        Canary(10, FIVE_MINUTES, lambda _: ["an-alarm"]).run(stored, stored.newest(), {"patienceSeconds": 1})
    assert ssm.values()[NAME] == "{}"
