import gc
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from service_kit import deadlines
from service_kit.aws import _clients as clients
from service_kit.aws import get_json
from service_kit.deadlines import DeadlineExceeded, check_deadline, within
from service_kit.events import BusEntry, BusEvent, publish, queue_handler
from service_kit.http import http_handler
from service_kit.invocation import invocation
from service_kit.parameters import ParameterUnavailable, Text, fetch_from_ssm
from service_kit.parameters._parameter import NEWER_VALUE_SECONDS
from service_kit.testing import rest_event, use_fresh_clients

from .bad_peer import BadPeer

# An alarm may fall into a callback of a weak reference, where what it raises is lost; then it rings again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

Logged = Callable[[], list[dict[str, Any]]]
# Of a function, and short for the sake of this suite; a real one is in the first test.
TIMEOUT_SECONDS = 0.5
# Three attempts of two seconds would take longer, a busy machine does not.
SOON_SECONDS = 4
# For the first request of a client, on a machine whose processors all have other work.
ENOUGH_TO_CONNECT_SECONDS = 1.5
ENDPOINTS = ("DYNAMODB", "EVENTBRIDGE", "SNS", "SQS", "SSM", "SFN", "COGNITO_IDENTITY_PROVIDER")


class Detail(BaseModel):
    order_id: str = "o-1"


CALLS: dict[str, Callable[[], Any]] = {
    "dynamodb.GetItem": lambda: clients.table("orders").get_item(Key={"orderId": "o-1"}),
    "dynamodb.PutItem": lambda: clients.client("dynamodb").put_item(
        TableName="orders", Item={"orderId": {"S": "o-1"}}
    ),
    "eventbridge.PutEvents": lambda: publish("bus", [BusEntry("order_placed", Detail(), "tests")]),
    "sns.Publish": lambda: clients.client("sns").publish(
        TopicArn="arn:aws:sns:eu-central-1:123456789012:t", Message="m"
    ),
    "sqs.SendMessage": lambda: clients.client("sqs").send_message(
        QueueUrl="https://sqs.eu-central-1.amazonaws.com/123456789012/q", MessageBody="m"
    ),
    "ssm.GetParameter": lambda: clients.client("ssm").get_parameter(Name="/a"),
    "sfn.SendTaskSuccess": lambda: clients.client("stepfunctions").send_task_success(
        taskToken="t", output="{}"
    ),
    "cognito-identity-provider.AdminGetUser": lambda: clients.client("cognito-idp").admin_get_user(
        UserPoolId="eu-central-1_a", Username="u"
    ),
}


class Context:
    """The context of an invocation that has begun just now."""

    aws_request_id = "lambda-request"
    function_name = "orders-test-get-order"

    def __init__(self, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.since = time.monotonic()
        self._ends_at = self.since + timeout_seconds

    @property
    def took_seconds(self) -> float:
        return time.monotonic() - self.since

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends_at - time.monotonic()) * 1000))


@pytest.fixture
def peer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[BadPeer]:
    """Stands where all AWS services should be; by default it says nothing."""
    running = BadPeer(getattr(request, "param", "silent"))
    for service in ENDPOINTS:
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", running.url)
    use_fresh_clients(monkeypatch)
    # Making them takes a while, which is not what these tests are about.
    clients.table("orders")
    for name in ("dynamodb", "events", "sns", "sqs", "ssm", "stepfunctions", "cognito-idp"):
        clients.client(name)
    # A collection of all that was made, here and in earlier tests, would outlast the short limits of a test.
    gc.freeze()
    yield running
    gc.unfreeze()
    clients.close_connections()
    running.close()


def answer(
    call: Callable[[], Any], event: dict[str, Any], context: Context | None = None
) -> tuple[dict[str, Any], float]:
    @http_handler()
    def handle() -> None:
        call()

    context = context or Context()
    reply = handle(event, context)
    return reply, context.took_seconds


def test_an_endpoint_answers_before_its_timeout(peer: BadPeer) -> None:
    context = Context(timeout_seconds=3)
    reply, took = answer(CALLS["dynamodb.GetItem"], rest_event(), context)
    assert reply["statusCode"] == 503
    assert 2 < took < 3


@pytest.mark.parametrize("called", CALLS)
def test_an_endpoint_answers_in_its_own_time_whatever_service_says_nothing(
    peer: BadPeer, called: str, logged: Logged
) -> None:
    # The first call of a client in a process looks for its endpoint, which takes a while of its own.
    reply, took = answer(CALLS[called], rest_event(), Context(timeout_seconds=4 * TIMEOUT_SECONDS))
    assert reply["statusCode"] == 503
    assert took < SOON_SECONDS
    assert reply["headers"]["content-type"] == "application/problem+json"
    assert reply["headers"]["retry-after"] == "5"
    assert json.loads(reply["body"])["title"] == "Service Unavailable"
    *_, line, metric = logged()
    assert metric["ServerError"] == [1.0]
    assert (line["level"], line["message"]) == ("ERROR", "not answered")
    assert line["reason"] == f"no time is left, the last call was {called}"


@pytest.mark.parametrize(
    "peer",
    ["trickling headers", "trickling body", "endless body", "huge headers", "resetting", "hanging up"],
    indirect=True,
)
def test_an_endpoint_answers_in_its_own_time_however_a_service_misbehaves(
    peer: BadPeer, logged: Logged
) -> None:
    reply, took = answer(CALLS["dynamodb.GetItem"], rest_event())
    assert reply["statusCode"] == 503
    assert took < SOON_SECONDS
    assert logged()[-2]["message"] == "not answered"


@pytest.mark.parametrize("peer", ["silent", "trickling headers", "trickling body"], indirect=True)
def test_an_endpoint_answers_in_its_own_time_when_another_service_does_not(peer: BadPeer) -> None:
    reply, took = answer(lambda: get_json(peer.url), rest_event())
    assert reply["statusCode"] == 503
    assert took < SOON_SECONDS


def test_an_endpoint_answers_in_its_own_time_when_it_computes_for_too_long() -> None:
    def compute() -> None:
        while True:
            pass

    reply, took = answer(compute, rest_event())
    assert reply["statusCode"] == 503
    assert took < SOON_SECONDS


def test_an_endpoint_that_is_invoked_with_no_time_left_says_so() -> None:
    @http_handler()
    def handle() -> None:
        raise AssertionError("there is no time for this")

    assert handle(rest_event(), Context(timeout_seconds=0))["statusCode"] == 503


def test_a_late_invocation_does_not_shorten_the_next_one() -> None:
    @http_handler()
    def handle() -> None:
        check_deadline()

    handle(rest_event(), Context(timeout_seconds=0))
    assert handle(rest_event(), Context())["statusCode"] == 204


def test_a_consumer_reports_the_messages_that_it_has_no_time_for(peer: BadPeer, logged: Logged) -> None:
    @queue_handler(plain_json=True)
    def handle(event: BusEvent[Detail]) -> None:
        CALLS["sns.Publish"]()

    attributes = {"SentTimestamp": "0", "ApproximateReceiveCount": "1"}
    records = [
        {"messageId": name, "body": "{}", "attributes": attributes, "eventSourceARN": "arn:aws:sqs:a:1:q"}
        for name in ("1", "2", "3")
    ]
    context = Context()
    answered = handle({"Records": records}, context)
    assert [failed["itemIdentifier"] for failed in answered["batchItemFailures"]] == ["1", "2", "3"]
    assert context.took_seconds < SOON_SECONDS
    assert [line["message"] for line in logged() if "message" in line] == ["message failed"] * 3


def test_any_other_function_fails_in_its_own_time_and_the_log_says_why(peer: BadPeer, logged: Logged) -> None:
    context = Context()
    with pytest.raises(DeadlineExceeded), invocation(context):
        CALLS["dynamodb.PutItem"]()
    assert context.took_seconds < SOON_SECONDS
    (line,) = logged()
    assert line["message"] == "invocation failed"
    assert "no time is left, the last call was dynamodb.PutItem" in line["exception"]


def test_no_attempt_begins_once_the_time_is_up(peer: BadPeer) -> None:
    seen: list[int] = []
    with within(ENOUGH_TO_CONNECT_SECONDS):
        for _ in range(2):
            with suppress(DeadlineExceeded):
                CALLS["dynamodb.GetItem"]()
            seen.append(peer.connections)
    assert seen == [1, 1]


def test_another_thread_begins_no_attempt_once_the_time_is_up(peer: BadPeer) -> None:
    with within(0.05), ThreadPoolExecutor(1) as pool:
        with suppress(DeadlineExceeded):
            threading.Event().wait(10)
        failure = pool.submit(CALLS["dynamodb.GetItem"]).exception(10)
    assert isinstance(failure, DeadlineExceeded)
    assert peer.connections == 0


def test_a_silent_parameter_store_leaves_time_for_an_answer(
    peer: BadPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.parameters._parameter.FIRST_VALUE_SECONDS", ENOUGH_TO_CONNECT_SECONDS)
    with within(5), pytest.raises(ParameterUnavailable, match="DeadlineExceeded"):
        Text(lambda _: "/a").get()
    assert peer.connections == 1


def test_a_silent_parameter_store_holds_no_function_up_that_has_an_older_value(peer: BadPeer) -> None:
    texts = iter(["older"])
    text = Text(
        lambda _: "/a", max_age_seconds=0, fetch=lambda *asked: next(texts, None) or fetch_from_ssm(*asked)
    )
    text.get()
    since = time.monotonic()
    assert text.get() == "older"
    assert time.monotonic() - since < SOON_SECONDS / 2


def test_four_parameters_that_are_all_old_leave_a_function_of_six_seconds_time_to_answer() -> None:
    assert 4 * NEWER_VALUE_SECONDS < 5.5 / 1.5


def test_the_inner_of_two_limits_ends_alone() -> None:
    with within(5):
        with pytest.raises(DeadlineExceeded), within(0.05):
            threading.Event().wait(10)
        check_deadline()


def test_the_outer_of_two_limits_ends_the_inner() -> None:
    since = time.monotonic()
    with pytest.raises(DeadlineExceeded), within(0.05), within(5):
        threading.Event().wait(10)
    assert time.monotonic() - since < 5


def test_the_outer_of_two_limits_holds_after_the_inner() -> None:
    def wait_after_an_inner_limit() -> None:
        with within(0.05):
            pass
        threading.Event().wait(10)

    with pytest.raises(DeadlineExceeded), within(0.1):
        wait_after_an_inner_limit()


def test_a_limit_leaves_the_alarm_of_others_as_it_was() -> None:
    rung = threading.Event()
    handler = signal.signal(signal.SIGALRM, lambda *_: rung.set())
    timer = signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with within(5):
            pass
        assert rung.wait(10)
    finally:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *timer)


def test_an_alarm_that_is_lost_in_a_finalizer_rings_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # pytest's own takes long enough for the alarm to ring in it.
    monkeypatch.setattr(sys, "unraisablehook", lambda _lost: None)

    class Slow:
        def __del__(self) -> None:
            while True:
                check_deadline()

    def finalize_and_wait() -> None:
        Slow()
        time.sleep(SOON_SECONDS)

    started_at = time.monotonic()
    with pytest.raises(DeadlineExceeded), within(0.05):
        finalize_and_wait()
    assert time.monotonic() - started_at < SOON_SECONDS


def test_nothing_is_limited_after_a_limit() -> None:
    with within(0.05):
        pass
    assert deadlines._state["ends_at"] is None
    assert not threading.Event().wait(0.1)


def test_limits_hold_in_lambda_where_the_handler_of_the_alarm_is_set_at_the_start() -> None:
    program = """
import signal, time
from service_kit import deadlines
kept = signal.getsignal(signal.SIGALRM)
ended = 0
for _ in range(2):
    try:
        with deadlines.within(5, is_outermost=True), deadlines.within(0.05):
            time.sleep(5)
    except deadlines.DeadlineExceeded:
        ended += 1
print(ended, callable(kept), signal.getsignal(signal.SIGALRM) is kept)
"""
    started_at = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[1],
        env={"AWS_LAMBDA_FUNCTION_NAME": "orders-test-place-order"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == "2 True True\n"
    assert time.monotonic() - started_at < 2 * SOON_SECONDS
