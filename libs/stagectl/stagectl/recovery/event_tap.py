"""A tap on a stage: a temporary queue that receives a copy of every event and message, and its removal.

A tap is a rule and a queue of one name, `events-{stage}-tap-{start}{random}`, and subscriptions of the queue.
The rule is made first and removed last, so that whatever was left behind is found by the rules of the bus.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from stagectl import aws
from stagectl.aws import refusals
from stagectl.checkout.facts import EVENT_SOURCE
from stagectl.recovery import event_archive
from stagectl.stacks.stage_stacks import PROJECT

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient

LONGEST = timedelta(hours=1)
"""A tap that is older was left behind by a command that was killed."""

_SERVICE = "events"
_TARGET = "tap"
_RETENTION_SECONDS = 300
_WAIT_SECONDS = 2
_BATCH = 10


@dataclass(frozen=True)
class Caught:
    """An event of the bus, or a message of a topic.

    Attributes:
        time: When it happened; of a message when it was sent.
        channel: Name of the bus or the topic.
        id: Its id, the same when it is delivered again.
        detail_type: What happened, such as `order_placed`.
        detail: What is said of it.
    """

    time: datetime
    channel: str
    id: str
    detail_type: str
    detail: Mapping[str, Any]

    def is_wanted(self, detail_types: Sequence[str], order_id: str | None) -> bool:
        """Return whether it is of one of the types, if there are any, and of the order, if one is given."""
        is_of_type = not detail_types or self.detail_type in detail_types
        return is_of_type and order_id in {None, self.detail.get("orderId")}


class Taps:
    """The taps of a stage.

    Args:
        events: Client of EventBridge.
        sqs: Client of SQS.
        sns: Client of SNS.
        stage: The stage.
        now: Tells the time.
    """

    def __init__(
        self,
        events: "EventBridgeClient",
        sqs: "SQSClient",
        sns: "SNSClient",
        stage: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._events = events
        self._sqs = sqs
        self._sns = sns
        self._bus = event_archive.name_of(stage)
        self._prefix = f"{_SERVICE}-{stage}-tap-"
        self._tags = {"project": PROJECT, "service": _SERVICE, "stage": stage}
        self._now = now

    @classmethod
    def of(cls, stage: str) -> "Taps":
        """Return those of a stage, whose target must have been entered."""
        session = aws.session()
        return cls(session.client("events"), session.client("sqs"), session.client("sns"), stage)

    @contextmanager
    def opened(self, topics: Sequence[str]) -> Iterator[str]:
        """Make a tap for a block, and yield the URL of its queue.

        Args:
            topics: ARNs of the topics whose messages it receives too.
        """
        name = f"{self._prefix}{int(self._now().timestamp()):08x}{secrets.token_hex(2)}"
        subscriptions: list[str] = []
        try:
            yield self._make(name, topics, subscriptions)
        finally:
            for subscription in subscriptions:
                self._sns.unsubscribe(SubscriptionArn=subscription)
            self._remove(name)

    def remove_abandoned(self, *, older_than: timedelta = LONGEST, topics: Sequence[str] = ()) -> list[str]:
        """Remove the taps of commands that were killed, and return their names.

        Args:
            older_than: How old they are at least. Younger ones may be in use.
            topics: ARNs of topics that may still have subscriptions of them.
        """
        found: list[str] = []
        try:
            pages = self._events.get_paginator("list_rules").paginate(
                EventBusName=self._bus, NamePrefix=self._prefix
            )
            names = [rule["Name"] for page in pages for rule in page["Rules"]]
        except self._events.exceptions.ResourceNotFoundException:
            return found
        for name in names:
            if self._now() - self._start_of(name) >= older_than:
                self._unsubscribe(name, topics)
                self._remove(name)
                found.append(name)
        return found

    def receive(self, url: str) -> list[Caught]:
        """Return what a tap has caught since the last call, at the latest after two seconds."""
        received = self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=_WAIT_SECONDS
        ).get("Messages", [])
        if received:
            self._sqs.delete_message_batch(
                QueueUrl=url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(received)
                ],
            )
        return [_caught(self._bus, message["Body"]) for message in received]

    def _make(self, name: str, topics: Sequence[str], subscriptions: list[str]) -> str:
        rule = self._events.put_rule(
            Name=name,
            EventBusName=self._bus,
            EventPattern=json.dumps({"source": [EVENT_SOURCE]}),
            Tags=[{"Key": key, "Value": value} for key, value in self._tags.items()],
        )["RuleArn"]
        partition, _, region, account = rule.split(":")[1:5]
        queue = f"arn:{partition}:sqs:{region}:{account}:{name}"
        url = self._sqs.create_queue(
            QueueName=name,
            Attributes={
                "MessageRetentionPeriod": str(_RETENTION_SECONDS),
                "SqsManagedSseEnabled": "true",
                "Policy": _policy(queue, rule, topics),
            },
            tags=self._tags,
        )["QueueUrl"]
        for topic in topics:
            answer = self._sns.subscribe(
                TopicArn=topic, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True
            )
            subscriptions.append(answer["SubscriptionArn"])
        self._events.put_targets(Rule=name, EventBusName=self._bus, Targets=[{"Id": _TARGET, "Arn": queue}])
        return url

    def _unsubscribe(self, name: str, topics: Sequence[str]) -> None:
        for topic in topics:
            for page in self._sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic):
                for one in page["Subscriptions"]:
                    if one["Endpoint"].endswith(f":{name}"):
                        self._sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])

    def _remove(self, name: str) -> None:
        """Remove a rule with its target and its queue, as far as they exist."""
        with suppress(self._events.exceptions.ResourceNotFoundException):
            self._events.remove_targets(Rule=name, EventBusName=self._bus, Ids=[_TARGET])
        with suppress(self._sqs.exceptions.QueueDoesNotExist):
            self._sqs.delete_queue(QueueUrl=self._sqs.get_queue_url(QueueName=name)["QueueUrl"])
        with suppress(self._events.exceptions.ResourceNotFoundException):
            self._events.delete_rule(Name=name, EventBusName=self._bus)

    def _start_of(self, name: str) -> datetime:
        return datetime.fromtimestamp(int(name.removeprefix(self._prefix)[:8], 16), tz=UTC)


def remove_all(stage: str) -> None:
    """Remove all taps of a stage, whose target must have been entered.

    EventBridge does not delete a bus that has rules. A caller who may not list rules has made no tap.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        Taps.of(stage).remove_abandoned(older_than=timedelta(0))
    except ClientError as error:
        if not refusals.is_denied(error):
            raise


def _policy(queue: str, rule: str, topics: Sequence[str]) -> str:
    """Return the policy by which the rule and the topics, and nothing else, may send to a queue."""
    senders = {"events.amazonaws.com": [rule], "sns.amazonaws.com": list(topics)}
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": sources}},
        }
        for service, sources in senders.items()
        if sources
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _caught(bus: str, body: str) -> Caught:
    document = json.loads(body)
    if "TopicArn" in document:
        message = json.loads(document["Message"])
        return Caught(
            datetime.fromisoformat(document["Timestamp"]),
            document["TopicArn"].rpartition(":")[2],
            document["MessageId"],
            str(message.get("what", "message")),
            message,
        )
    return Caught(
        datetime.fromisoformat(document["time"]),
        bus,
        document["id"],
        document["detail-type"],
        document["detail"],
    )
