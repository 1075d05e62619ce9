"""A temporary queue that receives what happens on a stage."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from stagectl import aws
from stagectl.recovery.event_tap import LONGEST, Caught, Taps

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient

REGION = "eu-central-1"
BUS = "shared-infra-dev"
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Account:
    """An account of AWS with the bus and a topic of the stage dev, on moto."""

    def __init__(self) -> None:
        session = aws.session(region_name=REGION)
        self.events: EventBridgeClient = session.client("events")
        self.sqs: SQSClient = session.client("sqs")
        self.sns: SNSClient = session.client("sns")
        self.abandoned: list[object] = []
        self.events.create_event_bus(Name=BUS)
        self.topic = self.sns.create_topic(Name="notifications-dev-customers")["TopicArn"]

    def taps(self, now: datetime = NOW) -> Taps:
        return Taps(self.events, self.sqs, self.sns, "dev", now=lambda: now)

    def send(self, url: str, body: dict[str, Any]) -> None:
        """Send to a tap's queue, in place of EventBridge or SNS."""
        self.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))

    def left(self) -> tuple[list[str], list[str], int]:
        """Return the names of rules, the queues, and the number of subscriptions."""
        rules = [rule["Name"] for rule in self.events.list_rules(EventBusName=BUS)["Rules"]]
        subscriptions = self.sns.list_subscriptions_by_topic(TopicArn=self.topic)["Subscriptions"]
        return rules, self.sqs.list_queues().get("QueueUrls", []), len(subscriptions)


@pytest.fixture(scope="module")
def made() -> Iterator[Account]:
    """Return an account for all tests: to make the clients takes longest."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        yield Account()


@pytest.fixture
def account(made: Account) -> Iterator[Account]:
    yield made
    made.abandoned.clear()
    made.taps().remove_abandoned(older_than=timedelta(0), topics=[made.topic])
    assert made.left() == ([], [], 0)


def abandon(account: Account, at: datetime) -> None:
    """Leave a tap behind, as a command does that is killed."""
    tap = account.taps(at).opened([account.topic])
    tap.__enter__()
    # Else it is closed with the last reference to it.
    account.abandoned.append(tap)


def test_it_returns_events_of_the_bus_and_messages_of_topics(account: Account) -> None:
    taps = account.taps()
    event = {
        "id": "a",
        "time": "2026-01-31T12:00:00Z",
        "detail-type": "order_placed",
        "detail": {"orderId": "1", "restaurantName": "Crêperie 🥞"},
    }
    message = {
        "MessageId": "b",
        "TopicArn": account.topic,
        "Timestamp": "2026-01-31T12:00:00.000Z",
        "Message": '{"orderId": "1", "what": "order_accepted"}',
    }
    with taps.opened([account.topic]) as url:
        account.send(url, event)
        account.send(url, message)
        found = {one.id: one for one in taps.receive(url)}

    topic = "notifications-dev-customers"
    assert found == {
        "a": Caught(NOW, BUS, "a", "order_placed", {"orderId": "1", "restaurantName": "Crêperie 🥞"}),
        "b": Caught(NOW, topic, "b", "order_accepted", {"orderId": "1", "what": "order_accepted"}),
    }


def test_nothing_is_left_of_it(account: Account) -> None:
    with account.taps().opened([account.topic]):
        rules, queues, subscriptions = account.left()
        assert (len(rules), len(queues), subscriptions) == (1, 1, 1)
    assert account.left() == ([], [], 0)


def test_nothing_is_left_after_an_interruption(account: Account) -> None:
    with pytest.raises(KeyboardInterrupt), account.taps().opened([account.topic]):
        raise KeyboardInterrupt
    assert account.left() == ([], [], 0)


def test_nothing_is_left_when_a_part_cannot_be_made(account: Account) -> None:
    gone = f"{account.topic}-gone"
    with (
        pytest.raises(account.sns.exceptions.NotFoundException),
        account.taps().opened([account.topic, gone]),
    ):
        pass
    assert account.left() == ([], [], 0)


def test_what_a_killed_command_left_behind_is_removed_when_no_command_can_use_it(account: Account) -> None:
    abandon(account, NOW - LONGEST)
    abandon(account, NOW - timedelta(minutes=5))

    removed = account.taps().remove_abandoned(topics=[account.topic])

    rules, queues, subscriptions = account.left()
    assert (len(removed), len(rules), len(queues), subscriptions) == (1, 1, 1, 1)
    assert removed[0] not in rules


def test_before_a_bus_goes_all_of_them_are_removed(account: Account) -> None:
    abandon(account, NOW)
    account.taps().remove_abandoned(older_than=timedelta(0), topics=[account.topic])
    assert account.left() == ([], [], 0)


def test_without_a_bus_there_is_nothing_to_remove(account: Account) -> None:
    taps = Taps(account.events, account.sqs, account.sns, "staging")
    assert taps.remove_abandoned() == []


def test_rules_of_services_stay(account: Account) -> None:
    account.events.put_rule(
        Name="events-dev-every-event", EventBusName=BUS, EventPattern='{"source": ["big-mouth"]}'
    )
    assert account.taps().remove_abandoned(older_than=timedelta(0)) == []
    assert account.left()[0] == ["events-dev-every-event"]
    account.events.delete_rule(Name="events-dev-every-event", EventBusName=BUS)


def test_the_queue_takes_messages_of_its_rule_and_its_topics_alone(account: Account) -> None:
    with account.taps().opened([account.topic]) as url:
        answer = account.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    statements = json.loads(answer["Policy"])["Statement"]
    sources = [one["Condition"]["ArnEquals"]["aws:SourceArn"] for one in statements]
    [[rule], topics] = sources
    assert rule.startswith(f"arn:aws:events:{REGION}:123456789012:rule/{BUS}/events-dev-tap-")
    assert topics == [account.topic]
    assert answer["SqsManagedSseEnabled"] == "true"


@pytest.mark.parametrize(
    ("types", "order_id", "is_wanted"),
    [
        ((), None, True),
        (("order_placed",), None, True),
        (("order_expired",), None, False),
        ((), "1", True),
        ((), "2", False),
        (("order_placed",), "2", False),
    ],
)
def test_types_and_orders_are_chosen(types: tuple[str, ...], order_id: str | None, is_wanted: bool) -> None:
    one = Caught(NOW, BUS, "a", "order_placed", {"orderId": "1"})
    assert one.is_wanted(types, order_id) is is_wanted
