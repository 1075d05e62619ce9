import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pydantic import BaseModel, Field

from devtools import snapshot_hooks
from service_kit.invocation import invocation, logger
from service_kit.parameters import (
    Config,
    ParametersSwitchedOff,
    ParameterUnavailable,
    Secret,
    Text,
    fetch_from_ssm,
)
from service_kit.parameters._parameter import BACK_OFF_SECONDS
from service_kit.testing import replace_client

PATH = "/orders/test/place-order/config"
DEADLINE_SECONDS = 10


class Limits(BaseModel):
    most: int = Field(default=7, ge=1)
    least: int = Field(default=1, alias="atLeast")


class FakeSsm:
    """A parameter store that can be slow or broken, and counts what it is asked."""

    def __init__(self) -> None:
        self.text = '{"most": 3}'
        self.error: Exception | None = None
        self.asked: list[tuple[str, bool]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def fetch(self, path: str, decrypt: bool) -> str:
        self.asked.append((path, decrypt))
        self.entered.set()
        assert self.gate.wait(DEADLINE_SECONDS)
        if self.error is not None:
            raise self.error
        return self.text


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def ssm() -> FakeSsm:
    return FakeSsm()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def config(ssm: FakeSsm, clock: FakeClock) -> Config[Limits]:
    return Config(Limits, function="place-order", clock=clock, fetch=ssm.fetch)


def throttled() -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "GetParameter")


def test_configuration_is_read_at_its_path_and_validated(config: Config[Limits], ssm: FakeSsm) -> None:
    assert config.get() == Limits(most=3)
    assert ssm.asked == [(PATH, False)]


def test_a_temporary_stage_reads_the_configuration_of_its_ssm_stage(
    config: Config[Limits], ssm: FakeSsm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSM_STAGE", "dev")
    config.get()
    assert ssm.asked == [("/orders/dev/place-order/config", False)]


def test_a_secret_is_decrypted_and_hidden(ssm: FakeSsm) -> None:
    ssm.text = "hunter2"
    secret = Secret(function="place-order", fetch=ssm.fetch)
    value = secret.get()
    assert value.get_secret_value() == "hunter2"
    assert ssm.asked == [("/orders/test/place-order/secretString", True)]
    assert "hunter2" not in f"{value} {value!r} {secret!r} {secret}"


def test_an_empty_secret_is_not_a_secret(ssm: FakeSsm) -> None:
    ssm.text = ""
    with pytest.raises(ParameterUnavailable, match="EmptyParameter"):
        Secret(function="place-order", fetch=ssm.fetch).get()


def test_a_value_is_fetched_once_within_its_time_to_live(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    config.get()
    clock.seconds += 59
    config.get()
    assert len(ssm.asked) == 1


def test_a_changed_value_serves_after_the_time_to_live(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    config.get()
    ssm.text = '{"most": 4}'
    clock.seconds += 60
    assert config.get().most == 4


def test_the_time_to_live_comes_from_the_environment(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARAMETERS_MAX_AGE_SECONDS", "1")
    config.get()
    clock.seconds += 1
    config.get()
    assert len(ssm.asked) == 2


def test_a_parameter_may_have_a_time_to_live_of_its_own(ssm: FakeSsm, clock: FakeClock) -> None:
    text = Text(lambda _: "/p", max_age_seconds=300, clock=clock, fetch=ssm.fetch)
    text.get()
    clock.seconds += 299
    text.get()
    assert len(ssm.asked) == 1


def test_a_clock_set_back_does_not_keep_a_value_for_ever(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    config.get()
    clock.seconds -= 500
    config.get()
    assert len(ssm.asked) == 2


@pytest.mark.parametrize(
    "error", [throttled(), EndpointConnectionError(endpoint_url="https://ssm"), TimeoutError()], ids=repr
)
def test_a_stale_value_serves_while_ssm_fails(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock, error: Exception
) -> None:
    config.get()
    clock.seconds += 60
    ssm.error = error
    assert config.get().most == 3


@pytest.mark.parametrize("text", ['{"most": 0}', '{"most": "many"}', '{"most": null}', "[]", "no json", ""])
def test_a_stale_value_serves_while_the_new_one_is_invalid(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock, text: str
) -> None:
    config.get()
    clock.seconds += 60
    ssm.text = text
    assert config.get().most == 3


def test_serving_a_stale_value_is_counted_and_logged(
    config: Config[Limits],
    ssm: FakeSsm,
    clock: FakeClock,
    context: Any,
    logged: Callable[[], list[dict[str, Any]]],
) -> None:
    config.get()
    clock.seconds += 60
    ssm.error = throttled()
    with invocation(context):
        config.get()
        config.get()
    warning, *counted = logged()
    assert warning["level"] == "WARNING"
    assert warning["parameter"] == PATH
    assert warning["reason"] == "ThrottlingException"
    assert [metric["StaleParameterServed"] for metric in counted] == [[1.0], [1.0]]


def test_an_outage_is_tried_again_only_after_the_back_off(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    config.get()
    clock.seconds += 60
    ssm.error = throttled()
    for _ in range(5):
        config.get()
    assert len(ssm.asked) == 2
    clock.seconds += BACK_OFF_SECONDS
    config.get()
    assert len(ssm.asked) == 3


def test_after_an_outage_the_fresh_value_serves_and_nothing_is_counted(
    config: Config[Limits],
    ssm: FakeSsm,
    clock: FakeClock,
    context: Any,
    logged: Callable[[], list[dict[str, Any]]],
) -> None:
    config.get()
    clock.seconds += 60
    ssm.error = throttled()
    with invocation(context):
        config.get()
    logged()
    ssm.error, ssm.text = None, '{"most": 9}'
    clock.seconds += BACK_OFF_SECONDS
    with invocation(context):
        assert config.get().most == 9
    assert logged() == []


def test_without_any_value_the_error_names_the_parameter(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.error = throttled()
    with pytest.raises(ParameterUnavailable, match=f"{PATH} is unavailable: ThrottlingException") as raised:
        config.get()
    assert raised.value.path == PATH


def test_an_invalid_first_value_is_unavailable_and_not_repeated_in_the_error(
    config: Config[Limits], ssm: FakeSsm
) -> None:
    ssm.text = '{"most": "hunter2"}'
    with pytest.raises(ParameterUnavailable, match="most: Input should be a valid integer") as raised:
        config.get()
    assert "hunter2" not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_failed_fetch_is_tried_again_at_the_next_call(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.error = throttled()
    with pytest.raises(ParameterUnavailable):
        config.get()
    ssm.error = None
    assert config.get().most == 3


def test_a_bug_in_fetching_is_raised_and_blocks_nobody(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.error = KeyError("Parameter")
    with pytest.raises(KeyError):
        config.get()
    ssm.error = None
    assert config.get().most == 3


def test_switched_off_nothing_is_fetched_and_the_error_says_what_to_do(
    config: Config[Limits], ssm: FakeSsm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICE_KIT_PARAMETERS", "off")
    with pytest.raises(ParametersSwitchedOff, match=f"{PATH} .*`with override_parameters"):
        config.get()
    assert ssm.asked == []


@pytest.mark.parametrize("switch", ["on", "off"])
def test_an_override_serves_for_its_block(
    config: Config[Limits], ssm: FakeSsm, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    monkeypatch.setenv("SERVICE_KIT_PARAMETERS", switch)
    with config.override(Limits(most=7)):
        with config.override(Limits(most=8)):
            assert config.get().most == 8
        assert config.get().most == 7
    assert ssm.asked == []


def test_threads_that_have_no_value_make_one_fetch_and_all_get_it(
    config: Config[Limits], ssm: FakeSsm
) -> None:
    ssm.gate.clear()
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(config.get) for _ in range(8)]
        assert ssm.entered.wait(DEADLINE_SECONDS)
        ssm.gate.set()
        assert [answer.result(DEADLINE_SECONDS).most for answer in answers] == [3] * 8
    assert len(ssm.asked) == 1


def test_threads_that_wait_for_a_fetch_share_its_failure(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.gate.clear()
    ssm.error = throttled()
    first: list[BaseException] = []

    def ask() -> None:
        try:
            config.get()
        except ParameterUnavailable as error:
            first.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert ssm.entered.wait(DEADLINE_SECONDS)
    ssm.gate.set()
    for thread in threads:
        thread.join(DEADLINE_SECONDS)
    assert len(first) == 4


def test_while_one_thread_refreshes_the_others_are_served_the_old_value(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    config.get()
    clock.seconds += 60
    ssm.entered.clear()
    ssm.gate.clear()
    ssm.text = '{"most": 4}'
    with ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(config.get)
        assert ssm.entered.wait(DEADLINE_SECONDS)
        assert config.get().most == 3
        ssm.gate.set()
        assert refreshing.result(DEADLINE_SECONDS).most == 4
    assert len(ssm.asked) == 2


def test_ssm_is_asked_through_the_shared_client(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def get_parameter(self, **arguments: Any) -> dict[str, Any]:
            return {"Parameter": {"Value": f"{arguments}"}}

    replace_client(monkeypatch, "ssm", Client())
    assert fetch_from_ssm("/a", True) == "{'Name': '/a', 'WithDecryption': True}"


def no_such_parameter() -> ClientError:
    return ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")


def test_defaults_serve_while_nothing_is_configured(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.error = no_such_parameter()
    assert config.get() == Limits(most=7)


def test_defaults_serve_without_asking_again_within_their_time_to_live(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    ssm.error = no_such_parameter()
    config.get()
    clock.seconds += 59
    config.get()
    assert len(ssm.asked) == 1


def test_what_is_configured_later_serves_after_the_time_to_live_of_the_defaults(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    ssm.error = no_such_parameter()
    config.get()
    ssm.error = None
    clock.seconds += 60
    assert config.get().most == 3


def test_defaults_serve_again_once_the_configuration_is_deleted(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    config.get()
    ssm.error = no_such_parameter()
    clock.seconds += 60
    assert config.get().most == 7


def test_serving_defaults_is_not_a_failure(
    config: Config[Limits], ssm: FakeSsm, context: Any, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    ssm.error = no_such_parameter()
    with invocation(context):
        config.get()
    assert logged() == []


def test_configuration_that_leaves_a_field_out_has_its_default(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.text = '{"atLeast": 2}'
    assert config.get() == Limits(most=7, atLeast=2)


def test_defaults_that_served_are_the_stale_value_of_what_is_written_wrong_later(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    ssm.error = no_such_parameter()
    config.get()
    ssm.error, ssm.text = None, '{"most": 0}'
    clock.seconds += 60
    assert config.get().most == 7


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "InternalServerError"])
def test_defaults_do_not_hide_that_ssm_fails(config: Config[Limits], ssm: FakeSsm, code: str) -> None:
    ssm.error = ClientError({"Error": {"Code": code}}, "GetParameter")
    with pytest.raises(ParameterUnavailable, match=code):
        config.get()


def test_a_field_that_nothing_reads_is_named_in_a_warning(
    config: Config[Limits], ssm: FakeSsm, context: Any, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    ssm.text = '{"most": 3, "atleast": 2}'
    with invocation(context):
        assert config.get() == Limits(most=3)
    [warning] = logged()
    assert (warning["level"], warning["parameter"], warning["fields"]) == ("WARNING", PATH, ["atleast"])


def test_a_model_with_a_field_that_has_no_default_is_refused() -> None:
    class Bounds(BaseModel):
        most: int
        best: int
        least: int = 0

    with pytest.raises(TypeError, match="give a default to most, best of Bounds"):
        Config(Bounds, function="place-order")


def test_a_missing_secret_has_no_default_and_the_error_says_what_makes_it(ssm: FakeSsm) -> None:
    ssm.error = no_such_parameter()
    with pytest.raises(ParameterUnavailable, match=r"secretString .*`stagectl configure --stage test`"):
        Secret(function="place-order", fetch=ssm.fetch).get()


def test_a_secret_has_its_own_time_to_live(ssm: FakeSsm, clock: FakeClock) -> None:
    ssm.text = "hunter2"
    secret = Secret(function="place-order", max_age_seconds=5, clock=clock, fetch=ssm.fetch)
    for passing in (0, 4.9, 0.2):
        clock.seconds += passing
        secret.get()
    assert len(ssm.asked) == 2


def test_a_parameter_is_shown_by_its_name(ssm: FakeSsm, config: Config[Limits]) -> None:
    assert repr(Secret(function="place-order", name="key", fetch=ssm.fetch)) == "Secret(place-order/key)"
    assert repr(config) == "Config(Limits, place-order/config)"
    assert repr(Text(lambda _: "/a", fetch=ssm.fetch)) == "Text()"


def test_a_configuration_has_its_own_time_to_live(ssm: FakeSsm, clock: FakeClock) -> None:
    config = Config(Limits, function="place-order", max_age_seconds=5, clock=clock, fetch=ssm.fetch)
    for passing in (0, 4.9, 0.2):
        clock.seconds += passing
        config.get()
    assert len(ssm.asked) == 2


@pytest.mark.parametrize(
    ("error", "text", "reason"),
    [
        (throttled(), "", "ThrottlingException"),
        (ClientError({}, "GetParameter"), "", "unknown"),
        (EndpointConnectionError(endpoint_url="https://ssm"), "", "EndpointConnectionError"),
        (
            None,
            '{"most": 0, "atLeast": []}',
            "most: Input should be greater than or equal to 1; atLeast: Input should be a valid integer",
        ),
    ],
)
def test_why_a_parameter_is_unavailable_is_told(
    config: Config[Limits], ssm: FakeSsm, error: Exception | None, text: str, reason: str
) -> None:
    ssm.error, ssm.text = error, text
    with pytest.raises(ParameterUnavailable) as raised:
        config.get()
    assert (raised.value.path, raised.value.reason) == (PATH, reason)


def test_a_text_lives_by_the_clock_that_it_was_given(ssm: FakeSsm, clock: FakeClock) -> None:
    text = Text(lambda _: "/a", max_age_seconds=5, clock=clock, fetch=ssm.fetch)
    for passing in (0, 4.9, 0.2):
        clock.seconds += passing
        text.get()
    assert len(ssm.asked) == 2


def test_a_restored_copy_reads_a_parameter_again(
    ssm: FakeSsm, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = snapshot_hooks.recorded(monkeypatch)
    config = Config(Limits, function="place-order", clock=clock, fetch=ssm.fetch)
    config.get()
    ssm.text = '{"most": 4}'
    (renew,) = hooks.renewals
    renew()
    assert config.get().most == 4


def test_a_value_that_another_thread_has_fetched_meanwhile_is_served(ssm: FakeSsm) -> None:
    fetched, looked_at, looked_at_again = 1_000.0, 1_100.0, 1_000.0
    times = iter([fetched, looked_at, looked_at_again])
    config = Config(Limits, function="place-order", clock=lambda: next(times), fetch=ssm.fetch)
    assert [config.get().most, config.get().most] == [3, 3]
    assert len(ssm.asked) == 1


def test_a_text_that_is_not_there_is_nothing_to_configure(ssm: FakeSsm) -> None:
    ssm.error = ClientError({"Error": {"Code": "ParameterNotFound", "Message": ""}}, "GetParameter")
    with pytest.raises(ParameterUnavailable) as raised:
        Text(lambda _: "/a", fetch=ssm.fetch).get()
    assert raised.value.reason == "ParameterNotFound"
    with pytest.raises(ParameterUnavailable, match=r"run `stagectl configure --stage test`"):
        Secret(function="place-order", fetch=ssm.fetch).get()


def test_a_field_that_nothing_reads_and_a_stale_value_are_warned_of(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    ssm.text = '{"moost": 3}'
    config.get()
    ssm.error = throttled()
    clock.seconds += 60
    config.get()
    unread, stale, _ = map(json.loads, capsys.readouterr().out.splitlines())
    assert (unread["level"], unread["parameter"], unread["fields"]) == ("WARNING", PATH, ["moost"])
    assert (stale["level"], stale["parameter"], stale["reason"]) == ("WARNING", PATH, "ThrottlingException")
    assert unread["message"] != stale["message"]


def with_canary(percent: float, *, minutes: float = 5, config: object = None) -> str:
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    canary = {"percent": percent, "until": until.isoformat(), "config": config or {"most": 9}}
    return json.dumps({"most": 3, "canary": canary})


def values(config: Config[Limits], draws: int = 10_000) -> Counter[int]:
    return Counter(config.get().most for _ in range(draws))


def test_a_canary_serves_its_share_of_the_invocations(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.text = with_canary(10)
    drawn = values(config)
    assert drawn.keys() == {3, 9}
    assert drawn[9] / 10_000 == pytest.approx(0.1, abs=0.02)
    assert len(ssm.asked) == 1


def test_a_canary_ends_by_itself(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.text = with_canary(99.9, minutes=-1)
    assert values(config, 100).keys() == {3}


@pytest.mark.parametrize("candidate", [{"most": 0}, {"most": "many"}, "none"], ids=repr)
def test_a_canary_that_does_not_fit_serves_no_one_and_a_warning_says_so(
    config: Config[Limits], ssm: FakeSsm, capsys: pytest.CaptureFixture[str], candidate: object
) -> None:
    ssm.text = with_canary(99.9, config=candidate)
    assert values(config, 100).keys() == {3}
    assert "a canary of configuration is not valid" in capsys.readouterr().out


def test_a_canary_goes_with_the_value_that_it_stood_beside(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    ssm.text = with_canary(99.9)
    config.get()
    ssm.text = '{"most": 3}'
    clock.seconds += 60
    assert values(config, 100).keys() == {3}


def test_a_canary_serves_beside_a_stale_value_too(
    config: Config[Limits], ssm: FakeSsm, clock: FakeClock
) -> None:
    ssm.text = with_canary(50)
    config.get()
    ssm.error = throttled()
    clock.seconds += 60
    assert values(config, 100).keys() == {3, 9}


def test_an_override_hides_a_canary(config: Config[Limits], ssm: FakeSsm) -> None:
    ssm.text = with_canary(99.9)
    config.get()
    with config.override(Limits(most=5)):
        assert values(config, 100).keys() == {5}


def test_a_log_line_says_that_its_invocation_had_the_canary(
    config: Config[Limits], ssm: FakeSsm, capsys: pytest.CaptureFixture[str]
) -> None:
    ssm.text = with_canary(99.9)
    with invocation(None):
        assert [config.get().most for _ in range(3)].count(9)
        logger.info("done")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["configuration"] == "canary"


def test_a_model_with_the_reserved_field_is_refused() -> None:
    class Reserved(BaseModel):
        canary: int = 1

    with pytest.raises(TypeError, match="canary is reserved"):
        Config(Reserved, function="place-order")
