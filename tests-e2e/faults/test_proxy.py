"""The fault proxy, between a real SDK client and a service that notes what reaches it."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from faults.ledger import Line
from faults.plan import FaultPlan, Kind, Outage, Rule
from faults.proxy import FaultProxy, Upstream
from faults.sdk_call import SdkCall

pytestmark = pytest.mark.faults

PUT_EVENTS = SdkCall("events", "PutEvents")
THREE_EVENTS: list[Any] = [
    {"Source": "s", "DetailType": "t", "Detail": json.dumps({"n": n})} for n in range(3)
]


class Service:
    """Answers `PutEvents` and `Publish`, and notes every request."""

    def __init__(self) -> None:
        service = self
        self.requests: list[tuple[dict[str, str], bytes]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.requests.append((dict(self.headers.items()), body))
                answer = service.answer(body)
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=[0.01], daemon=True)
        self._thread.start()

    def answer(self, body: bytes) -> bytes:
        if not body.startswith(b"{"):
            return (
                b"<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"
            )
        entries = [{"EventId": entry["Detail"]} for entry in json.loads(body).get("Entries", [])]
        return json.dumps({"FailedEntryCount": 0, "Entries": entries}).encode()

    @property
    def published(self) -> list[int]:
        """Which of the three events reached it, each as often as it did."""
        requests = [json.loads(body) for _, body in self.requests]
        return [json.loads(entry["Detail"])["n"] for request in requests for entry in request["Entries"]]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


Start = Callable[..., FaultProxy]


@pytest.fixture
def start(service: Service, unused_port: int) -> Iterator[Start]:
    """Starts a proxy that injects the given rules."""
    with ExitStack() as stack:

        def start(
            *rules: Rule, outages: tuple[Outage, ...] = (), kill: Callable[[int], bool] = lambda _: False
        ) -> FaultProxy:
            plan = FaultPlan(rules=rules, outages=outages, hang_seconds=0.5)
            upstream = Upstream(service.url, "us-east-1", Credentials("test", "test"))
            proxy = stack.enter_context(FaultProxy(unused_port, upstream, plan, kill))
            proxy.inject()
            return proxy

        yield start


@pytest.fixture
def unused_port() -> int:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return server.server_port


@pytest.fixture
def client(unused_port: int) -> Iterator[Callable[[Any], Any]]:
    """Gives clients that try once and wait not long."""
    with ExitStack() as stack:

        def client(name: Any) -> Any:
            made = boto3.client(
                name,
                region_name="us-east-1",
                endpoint_url=f"http://127.0.0.1:{unused_port}",
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(retries={"total_max_attempts": 1}, read_timeout=0.3),
            )
            stack.callback(made.close)
            return made

        yield client


def always(kind: Kind, service: str = "*") -> Rule:
    return Rule(kind, 1.0, service)


def test_without_a_fault_a_call_passes_with_its_signature_and_host(
    start: Start, client: Callable[[Any], Any], service: Service, unused_port: int
) -> None:
    proxy = start()

    answer = client("events").put_events(Entries=THREE_EVENTS)

    [(headers, _)] = service.requests
    assert headers["Host"] == f"127.0.0.1:{unused_port}"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=test/")
    assert len(answer["Entries"]) == 3
    assert (proxy.ledger.calls, proxy.ledger.faults) == (1, 0)


@pytest.mark.parametrize("name", ["dynamodb", "sns", "ssm", "sqs"])
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.THROTTLE])
def test_a_refusal_is_one_that_the_client_understands(
    start: Start, client: Callable[[Any], Any], service: Service, name: str, kind: Kind
) -> None:
    start(always(kind))
    calls: dict[str, Callable[[Any], Any]] = {
        "dynamodb": lambda it: it.get_item(TableName="t", Key={"id": {"S": "1"}}),
        "sns": lambda it: it.publish(TopicArn="arn:aws:sns:us-east-1:1:t", Message="m"),
        "ssm": lambda it: it.get_parameter(Name="/p"),
        "sqs": lambda it: it.send_message(QueueUrl="http://127.0.0.1/1/q", MessageBody="m"),
    }

    with pytest.raises(ClientError) as refused:
        calls[name](client(name))

    expected_status = 500 if kind is Kind.ERROR else 400
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == expected_status
    assert refused.value.response["Error"]["Message"] == "injected"
    assert service.requests == []


def test_a_throttled_table_says_so_in_its_own_words(start: Start, client: Callable[[Any], Any]) -> None:
    start(always(Kind.THROTTLE))
    dynamodb = client("dynamodb")

    with pytest.raises(dynamodb.exceptions.ProvisionedThroughputExceededException):
        dynamodb.get_item(TableName="t", Key={"id": {"S": "1"}})


@pytest.mark.parametrize(("kind", "reached"), [(Kind.RESET_BEFORE, 0), (Kind.RESET_AFTER, 1)])
def test_a_reset_connection_leaves_the_request_undone_or_done(
    start: Start, client: Callable[[Any], Any], service: Service, kind: Kind, reached: int
) -> None:
    start(always(kind))

    with pytest.raises(ConnectionClosedError):
        client("events").put_events(Entries=THREE_EVENTS)

    assert len(service.requests) == reached


@pytest.mark.parametrize(("kind", "reached"), [(Kind.HANG_BEFORE, 0), (Kind.HANG_AFTER, 1)])
def test_a_call_that_gets_no_answer_times_out(
    start: Start, client: Callable[[Any], Any], service: Service, kind: Kind, reached: int
) -> None:
    start(always(kind))

    with pytest.raises(ReadTimeoutError):
        client("events").put_events(Entries=THREE_EVENTS)

    assert len(service.requests) == reached


def test_refused_entries_do_not_reach_the_bus_and_all_others_do(
    start: Start, client: Callable[[Any], Any], service: Service
) -> None:
    start(always(Kind.PARTIAL))

    answer = client("events").put_events(Entries=THREE_EVENTS)

    taken = [n for n, entry in enumerate(answer["Entries"]) if "ErrorCode" not in entry]
    assert 0 < answer["FailedEntryCount"] < 3
    assert service.published == taken


def test_the_only_entry_is_refused_without_a_call(
    start: Start, client: Callable[[Any], Any], service: Service
) -> None:
    start(always(Kind.PARTIAL))

    answer = client("events").put_events(Entries=THREE_EVENTS[:1])

    assert answer["FailedEntryCount"] == 1
    assert service.requests == []


def test_a_call_carried_out_twice_is_answered_once(
    start: Start, client: Callable[[Any], Any], service: Service
) -> None:
    start(always(Kind.DUPLICATE))

    client("events").put_events(Entries=THREE_EVENTS)

    assert service.published == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize(("kind", "reached"), [(Kind.KILL_BEFORE, 0), (Kind.KILL_AFTER, 1)])
def test_the_worker_behind_a_call_is_killed(
    start: Start, client: Callable[[Any], Any], service: Service, kind: Kind, reached: int
) -> None:
    killed: list[int] = []

    def kill(port: int) -> bool:
        killed.append(port)
        return True

    proxy = start(always(kind), kill=kill)

    with pytest.raises(ConnectionClosedError):
        client("events").put_events(Entries=THREE_EVENTS)

    assert len(killed) == 1
    assert len(service.requests) == reached
    assert proxy.ledger.kills == 1


def test_a_worker_that_has_ended_does_not_count_as_killed(start: Start, client: Callable[[Any], Any]) -> None:
    proxy = start(always(Kind.KILL_BEFORE))

    with pytest.raises(ConnectionClosedError):
        client("events").put_events(Entries=THREE_EVENTS)

    assert proxy.ledger.kills == 0


def test_a_rule_leaves_other_services_alone(
    start: Start, client: Callable[[Any], Any], service: Service
) -> None:
    start(always(Kind.ERROR, "dynamodb"))

    client("events").put_events(Entries=THREE_EVENTS)

    assert service.published == [0, 1, 2]


def test_healed_means_no_more_faults(start: Start, client: Callable[[Any], Any], service: Service) -> None:
    proxy = start(always(Kind.ERROR))

    proxy.heal()
    client("events").put_events(Entries=THREE_EVENTS)

    assert service.published == [0, 1, 2]


def test_an_outage_takes_every_call_whatever_the_rates(start: Start, client: Callable[[Any], Any]) -> None:
    proxy = start(outages=(Outage(Rule(Kind.ERROR, 0.0, "events"), 0, 60),))

    with pytest.raises(ClientError):
        client("events").put_events(Entries=THREE_EVENTS)

    assert proxy.ledger.lines() == [Line(PUT_EVENTS, Kind.ERROR, count=1, calls=1)]
