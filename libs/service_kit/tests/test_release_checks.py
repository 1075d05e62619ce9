from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any, cast

import pytest
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from service_kit.events import (
    BusEntry,
    BusEvent,
    Change,
    event_handler,
    publish,
    queue_handler,
    stream_handler,
)
from service_kit.http import Caller, FromPath, NotFound, http_handler
from service_kit.invocation import is_release_check, metrics
from service_kit.releases import (
    CHECK_ID,
    FRESH_ID,
    Check,
    Invocation,
    PublicRequest,
    Request,
    message,
    release_check,
    stream_record,
    traffic_check,
)
from service_kit.testing import lambda_context, replace_client

from .bad_peer import BadPeer

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

    from .fake_sqs import FakeSqs

Logged = Callable[[], list[dict[str, Any]]]
Handler = Callable[[dict[str, Any], Any], Any]

VERSION = "7"
BY_HAND = {"function": "orders-test-get-order", "version": VERSION}
BY_CODEDEPLOY = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "hook-1"}


class Order(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    order_id: str


class OrderMissingError(Exception):
    pass


class FakeLambda:
    """Runs a handler in this process, as Lambda would run the version."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.invoked: list[tuple[str, str]] = []
        self.events: list[dict[str, Any]] = []

    def invoke(self, *, FunctionName: str, Qualifier: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        self.invoked.append((FunctionName, Qualifier))
        self.events.append(json.loads(Payload))
        try:
            answer, failed = self._handler(self.events[-1], lambda_context(FunctionName)), {}
        except Exception as error:  # noqa: BLE001, as Lambda does
            answer, failed = {"errorType": type(error).__name__}, {"FunctionError": "Unhandled"}
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **failed}


class FakeCodeDeploy:
    """A deployment of one function, which waits for its hook."""

    def __init__(self) -> None:
        self.reported: list[dict[str, str]] = []

    def list_deployment_targets(self, *, deploymentId: str) -> dict[str, Any]:  # noqa: N803
        return {"targetIds": [f"target-of-{deploymentId}"]}

    def batch_get_deployment_targets(self, *, deploymentId: str, targetIds: list[str]) -> dict[str, Any]:  # noqa: N803
        assert targetIds == [f"target-of-{deploymentId}"]
        about = {"functionName": BY_HAND["function"], "currentVersion": "6", "targetVersion": VERSION}
        return {"deploymentTargets": [{"lambdaTarget": {"lambdaFunctionInfo": about}}]}

    def put_lifecycle_event_hook_execution_status(self, **status: str) -> None:
        self.reported.append(status)


class FakeBus:
    """A bus that takes everything."""

    def __init__(self) -> None:
        self.detail_types: list[str] = []

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.detail_types += [entry["DetailType"] for entry in Entries]
        return {"Entries": [{"EventId": "e"} for _ in Entries]}


@pytest.fixture
def codedeploy(monkeypatch: pytest.MonkeyPatch) -> FakeCodeDeploy:
    fake = FakeCodeDeploy()
    replace_client(monkeypatch, "codedeploy", fake)
    return fake


@http_handler(errors={OrderMissingError: NotFound})
def get_order(order_id: Annotated[str, FromPath()], caller: Caller) -> Order:
    if order_id == "broken":
        raise RuntimeError
    if order_id == CHECK_ID and caller.user_id == CHECK_ID:
        raise OrderMissingError
    return Order(order_id=order_id)


def check(
    handler: Handler, *checks: Check, hook: dict[str, str] = BY_HAND
) -> tuple[dict[str, Any], FakeLambda]:
    """Run the pre-traffic hook of a service whose one function is a handler of this process."""
    version = FakeLambda(handler)
    made = release_check({"get-order": checks}, lambda_client=cast("LambdaClient", version))
    return made(dict(hook), lambda_context("orders-test-check-release")), version


def test_a_version_that_answers_as_it_should_passes() -> None:
    report, version = check(get_order, Request(path={"orderId": CHECK_ID}, status=404))
    assert report["passed"] is True
    assert version.invoked == [("orders-test-get-order", VERSION)]


def test_a_version_that_answers_otherwise_fails_with_the_reason(logged: Logged) -> None:
    report, _ = check(get_order, Request(path={"orderId": "broken"}, status=404))
    assert report["passed"] is False
    assert report["outcomes"] == [
        {"check": "get-order 1", "passed": False, "fault": "answered 500 instead of 404"}
    ]
    assert [line["level"] for line in logged() if line.get("message") == "release check failed"] == ["ERROR"]


def test_each_check_of_a_function_counts() -> None:
    good, bad = Request(path={"orderId": "o-1"}, status=200), Request(path={"orderId": "broken"})
    report, _ = check(get_order, good, bad, good)
    assert [outcome["passed"] for outcome in report["outcomes"]] == [True, False, True]
    assert report["passed"] is False


def test_a_function_without_checks_has_to_answer_a_request_in_its_own_words() -> None:
    version = FakeLambda(get_order)
    hook = release_check({}, lambda_client=cast("LambdaClient", version))
    assert hook(BY_HAND, lambda_context("orders-test-check-release"))["passed"] is True


def test_a_version_that_cannot_run_fails_with_the_type_of_its_error() -> None:
    def broken(_: dict[str, Any], __: Any) -> None:
        raise ImportError("No module named secret_customer_data")

    report, _ = check(broken, Request())
    assert report["outcomes"][0]["fault"] == "failed with ImportError"


def test_codedeploy_says_which_version_and_hears_that_it_passed(codedeploy: FakeCodeDeploy) -> None:
    _, version = check(get_order, Request(status=400), hook=BY_CODEDEPLOY)
    assert version.invoked == [("orders-test-get-order", VERSION)]
    assert codedeploy.reported == [
        {"deploymentId": "d-1", "lifecycleEventHookExecutionId": "hook-1", "status": "Succeeded"}
    ]


def test_codedeploy_hears_that_a_version_failed(codedeploy: FakeCodeDeploy) -> None:
    check(get_order, Request(path={"orderId": "broken"}), hook=BY_CODEDEPLOY)
    assert [one["status"] for one in codedeploy.reported] == ["Failed"]


def test_codedeploy_hears_of_a_hook_that_cannot_check(codedeploy: FakeCodeDeploy) -> None:
    unreachable = cast("LambdaClient", object())
    hook = release_check({"get-order": [Request()]}, lambda_client=unreachable)
    with pytest.raises(AttributeError):
        hook(BY_CODEDEPLOY, lambda_context("orders-test-check-release"))
    assert [one["status"] for one in codedeploy.reported] == ["Failed"]


def consume(event: BusEvent[Order]) -> None:
    if event.detail.order_id == CHECK_ID:
        raise OrderMissingError


def test_a_consumer_that_looks_for_what_does_not_exist_passes_and_puts_nothing_aside(sqs: FakeSqs) -> None:
    handler = queue_handler(hopeless=(OrderMissingError,))(consume)
    missing = message("order_placed", {"orderId": CHECK_ID}, fails="OrderMissingError")
    report, _ = check(handler, missing, message("order_placed", {"orderId": "o-1"}))
    assert report["passed"] is True
    assert sqs.sent == []
    assert sqs.pauses == {}


def test_a_consumer_that_fails_otherwise_does_not_pass() -> None:
    handler = queue_handler(hopeless=(OrderMissingError,))(consume)
    report, _ = check(handler, message("order_placed", {"orderId": CHECK_ID}), message("order_placed", {}))
    assert [outcome["fault"] for outcome in report["outcomes"]] == [
        "answered releaseCheckFailures ['OrderMissingError'] instead of []",
        "answered releaseCheckFailures ['_Unreadable'] instead of []",
    ]


def test_each_check_has_an_id_of_its_own() -> None:
    seen: list[str] = []

    def remember(event: BusEvent[Order]) -> None:
        seen.append(event.detail.order_id)

    one = message("order_placed", {"orderId": FRESH_ID})
    check(queue_handler()(remember), one, one)
    assert len(set(seen)) == 2
    assert all(order_id.startswith(CHECK_ID) for order_id in seen)


def test_a_consumer_of_a_stream_gets_a_new_item(sqs: FakeSqs) -> None:
    seen: list[str] = []

    def remember(changes: list[Change[Order]]) -> None:
        seen.extend(change.new.order_id for change in changes)

    report, _ = check(stream_handler()(remember), stream_record({"orderId": CHECK_ID}, key=["orderId"]))
    assert report["passed"] is True
    assert seen == [CHECK_ID]


def test_a_consumer_of_a_stream_that_cannot_read_the_item_fails_and_puts_nothing_aside(sqs: FakeSqs) -> None:
    def ignore(changes: list[Change[Order]]) -> None:
        pass

    report, _ = check(stream_handler()(ignore), stream_record({"id": CHECK_ID}, key=["id"]))
    assert report["outcomes"][0]["fault"] == "failed with InvalidData"
    assert sqs.sent == []


def test_what_a_check_publishes_is_of_a_type_that_no_consumer_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = FakeBus()
    replace_client(monkeypatch, "events", bus)

    @event_handler()
    def handler(order: Order) -> None:
        publish("bus", [BusEntry("order_placed", order, source="tests")])

    check(handler, Invocation(payload={"orderId": "o-1"}))
    handler({"orderId": "o-1"}, lambda_context("orders-test-get-order"))
    assert bus.detail_types == ["release_check", "order_placed"]


def test_a_check_counts_no_metrics(logged: Logged) -> None:
    @event_handler()
    def handler(order: Order) -> dict[str, bool]:
        metrics.add_metric(name="OrderPlaced", unit="Count", value=1)
        return {"isReleaseCheck": is_release_check()}

    report, _ = check(handler, Invocation(payload={"orderId": "o-1"}, answers={"isReleaseCheck": True}))
    assert report["passed"] is True
    assert not [line for line in logged() if "OrderPlaced" in line]
    assert is_release_check() is False


def test_a_request_from_outside_is_no_check() -> None:
    @http_handler()
    def handler() -> dict[str, bool]:
        return {"isReleaseCheck": is_release_check()}

    headers = {"content-type": "application/json", "releaseCheck": "true"}
    answer = handler(
        {
            "headers": headers,
            "queryStringParameters": {"releaseCheck": "true"},
            "body": '{"releaseCheck": true}',
        },
        lambda_context("orders-test-get-order"),
    )
    assert json.loads(answer["body"]) == {"isReleaseCheck": False}


class Pages(BaseHTTPRequestHandler):
    """Answers a page at its root, and 401 elsewhere."""

    def do_GET(self) -> None:
        self.send_response({"/": 200, "/refused": 403}.get(self.path, 401))
        self.end_headers()
        self.wfile.write(b"<html>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("SERVICE_URL", url)
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def traffic(*requests: PublicRequest) -> dict[str, Any]:
    report: dict[str, Any] = traffic_check(requests)({}, lambda_context("orders-test-check-traffic"))
    return report


def test_a_public_url_that_answers_as_it_should_passes(service_url: str) -> None:
    report = traffic(PublicRequest(path="/", holds="<html"), PublicRequest(path="/orders", status=401))
    assert report["passed"] is True
    assert report["checked"] == service_url


@pytest.mark.usefixtures("service_url")
def test_a_public_url_that_answers_otherwise_fails_with_the_reason() -> None:
    report = traffic(PublicRequest(path="/orders"), PublicRequest(path="/", holds="restaurants"))
    assert [outcome["fault"] for outcome in report["outcomes"]] == [
        "answered 401 instead of 200",
        "the answer lacks 'restaurants'",
    ]


@pytest.mark.usefixtures("service_url")
@pytest.mark.parametrize("behind_edge", [False, True])
def test_a_public_url_may_refuse_behind_an_edge_alone(
    monkeypatch: pytest.MonkeyPatch, behind_edge: bool
) -> None:
    monkeypatch.setenv("BEHIND_EDGE", str(behind_edge).lower())

    assert traffic(PublicRequest(path="/refused"))["passed"] is behind_edge
    assert traffic(PublicRequest(path="/orders"))["passed"] is False


def test_a_public_url_that_does_not_answer_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = BadPeer("resetting")
    monkeypatch.setenv("SERVICE_URL", peer.url)
    try:
        report = traffic(PublicRequest(path="/"))
    finally:
        peer.close()
    assert report["passed"] is False
    assert report["outcomes"][0]["fault"].startswith("no answer: ")
