"""How much memory a function should have."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from stagectl.checkout import Checkout
from stagectl.checkout.routes import Authorizer, Route
from stagectl.costs import power_tuning, prices, tuning_estimate
from stagectl.costs.power_tuning import Clients
from stagectl.costs.sample_event import sample_event
from stagectl.costs.tuning import SIZES_MB, Tuning, usd_of_invocation
from stagectl.costs.tuning_estimate import HandlerTimes
from stagectl.errors import StagectlError, UsageError

from ..fakes.power_tuning import CHART, FUNCTION_ARN, FakeAws

Write = Callable[[str, str], Path]
FUNCTION = "restaurants-dev-get-index"


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


def tune(aws: Any) -> Tuning:
    clients = Clients(repository=aws, cloudformation=aws, step_functions=aws, functions=aws)
    return power_tuning.tune(
        clients, FUNCTION, {"a": 1}, sizes_mb=(128, 512), invocations=10, sleep=lambda _: None
    )


def assert_nothing_is_left(aws: FakeAws) -> None:
    left = (aws.stacks, aws.layers, aws.aliases, aws.versions, aws.memory_mb)
    assert left == ({}, set(), {"live": "3"}, {"3"}, 512)


class TestOnAws:
    def test_gives_what_was_measured_with_the_chart(self, aws: FakeAws) -> None:
        found = tune(aws)

        assert [(row.megabytes, row.milliseconds, row.usd) for row in found.rows] == [
            (128, 80.0, 1.5e-7),
            (512, 20.5, 2e-7),
        ]
        assert (found.cheapest.megabytes, found.quickest.megabytes) == (128, 512)
        assert (found.chart, found.is_estimate) == (CHART, False)

    def test_deploys_the_published_application_with_rights_on_this_function_alone(self, aws: FakeAws) -> None:
        tune(aws)

        (asked,) = aws.asked("create_cloud_formation_change_set")
        assert asked["ApplicationId"].endswith(":451282441545:applications/aws-lambda-power-tuning")
        assert asked["SemanticVersion"]
        assert asked["ParameterOverrides"] == [{"Name": "lambdaResource", "Value": f"{FUNCTION_ARN}*"}]

    def test_asks_for_each_amount_of_memory(self, aws: FakeAws) -> None:
        tune(aws)

        (asked,) = aws.asked("start_execution")
        assert asked["stateMachineArn"] == "machine"
        request = json.loads(asked["input"])
        assert (request["powerValues"], request["num"], request["payload"]) == ([128, 512], 10, {"a": 1})

    def test_leaves_nothing_behind(self, aws: FakeAws) -> None:
        tune(aws)

        assert_nothing_is_left(aws)

    @pytest.mark.parametrize("end", ["FAILED", "TIMED_OUT", "ABORTED"])
    def test_leaves_nothing_behind_when_the_run_fails(self, aws: FakeAws, end: str) -> None:
        aws.end = end

        with pytest.raises(StagectlError, match=end):
            tune(aws)

        assert_nothing_is_left(aws)

    def test_leaves_nothing_behind_when_the_application_does_not_deploy(self, aws: FakeAws) -> None:
        aws.created_as = "ROLLBACK_COMPLETE"

        with pytest.raises(StagectlError, match="ROLLBACK_COMPLETE"):
            tune(aws)

        assert_nothing_is_left(aws)

    @pytest.mark.parametrize(
        "call",
        [
            "create_cloud_formation_change_set",
            "describe_change_set",
            "execute_change_set",
            "start_execution",
            "describe_execution",
        ],
    )
    def test_leaves_nothing_behind_when_it_is_interrupted(self, aws: FakeAws, call: str) -> None:
        aws.interrupted_at = call

        with pytest.raises(KeyboardInterrupt):
            tune(aws)

        assert_nothing_is_left(aws)

    def test_stops_the_run_when_it_is_interrupted(self, aws: FakeAws) -> None:
        aws.interrupted_at = "describe_execution"

        with pytest.raises(KeyboardInterrupt):
            tune(aws)

        assert aws.asked("stop_execution") == [{"executionArn": "execution"}]


class TestTheModel:
    def estimate(self, milliseconds: float, processor: float, memory_mb: float = 60) -> Tuning:
        times = HandlerTimes(milliseconds, processor, memory_mb, invocations=10)
        return tuning_estimate.estimate(FUNCTION, 512, times, prices.read(), SIZES_MB)

    def milliseconds(self, found: Tuning) -> dict[int, float]:
        return {row.megabytes: row.milliseconds for row in found.rows}

    def test_says_that_it_is_one(self) -> None:
        found = self.estimate(20, 10)
        assert found.is_estimate
        assert found.method[0].startswith("AN ESTIMATE BY A MODEL")

    def test_waiting_does_not_get_shorter_with_more_memory(self) -> None:
        assert set(self.milliseconds(self.estimate(20, 0)).values()) == {20}

    def test_computing_takes_as_long_as_the_share_of_a_processor_is_small(self) -> None:
        times = self.milliseconds(self.estimate(17.69, 17.69))
        assert times[128] == pytest.approx(17.69 * 1769 / 128)
        assert times[1769] == times[3008] == 17.69

    def test_a_function_that_only_waits_is_cheapest_with_the_least_memory(self) -> None:
        assert self.estimate(20, 0).cheapest.megabytes == 128

    def test_a_size_without_room_is_no_answer(self) -> None:
        found = self.estimate(20, 0, memory_mb=110)
        assert [row.megabytes for row in found.rows if not row.fits] == [128]
        assert found.cheapest.megabytes == 256

    def test_of_equally_quick_sizes_the_smaller_one_is_named(self) -> None:
        assert self.estimate(20, 10).quickest.megabytes == 1769


def test_an_invocation_costs_begun_milliseconds_and_its_request() -> None:
    listed = prices.read()
    request = listed.price("lambda-request").of(1)
    second = listed.price("lambda-gb-second-arm64").of(1)
    assert usd_of_invocation(1024, 99.2, listed) == pytest.approx(second / 10 + request)


HANDLER = """
import os, time
def handle(event, context):
    print("a log line")
    assert os.environ["GREETING"] == "hello" and context.get_remaining_time_in_millis()
    until = time.process_time() + event["busy"]
    while time.process_time() < until: pass
    time.sleep(event["waits"])
    return {"statusCode": event["status"], "body": "because"}
"""
CONFIGURATION = {
    "FunctionName": FUNCTION,
    "FunctionArn": f"arn:aws:lambda:eu-central-1:123456789012:function:{FUNCTION}",
    "Handler": "kitchen.handlers.get_index.handle",
    "Environment": {"Variables": {"GREETING": "hello"}},
}


class TestTheMeasurement:
    @pytest.fixture
    def measure(self, checkout: Checkout, write: Write) -> Callable[[int], HandlerTimes]:
        write("services/kitchen/kitchen/handlers/get_index.py", HANDLER)

        def measure(status: int) -> HandlerTimes:
            event = {"busy": 0.002, "waits": 0.004, "status": status}
            return tuning_estimate.measure(
                checkout, CONFIGURATION, {"PATH": "/bin"}, event, service="kitchen", invocations=5
            )

        return measure

    def test_tells_computing_from_waiting(self, measure: Callable[[int], HandlerTimes]) -> None:
        times = measure(200)
        assert times.processor_milliseconds >= 2
        assert times.waiting_milliseconds >= 3
        assert times.memory_mb > 5

    def test_a_payload_that_is_refused_is_no_measurement(
        self, measure: Callable[[int], HandlerTimes]
    ) -> None:
        with pytest.raises(StagectlError, match="it answered 401 to this payload: because"):
            measure(401)


class TestTheSampleEvent:
    ROUTES: ClassVar = [
        Route("list-orders", "GET", "/orders", Authorizer.POOL_USER),
        Route("get-index", "GET", "/", Authorizer.NOBODY_ASKED),
        Route("get-order", "GET", "/orders/{orderId}", Authorizer.POOL_USER),
        Route("place-order", "POST", "/orders", Authorizer.POOL_USER),
    ]

    def test_is_of_somebody_signed_in_where_the_route_asks_for_that(self) -> None:
        assert sample_event("list-orders", self.ROUTES)["requestContext"]["authorizer"]["claims"]["sub"]
        assert "authorizer" not in sample_event("get-index", self.ROUTES)["requestContext"]

    @pytest.mark.parametrize("function", ["get-order", "place-order", "publish-order-events"])
    def test_is_not_made_up_where_it_would_change_something_or_find_nothing(self, function: str) -> None:
        with pytest.raises(UsageError, match="--payload FILE"):
            sample_event(function, self.ROUTES)
