"""What failed is found with its reason, and redriven once the cause is mended."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from mypy_boto3_events import EventBridgeClient
from stagectl.checkout import services
from stagectl.recovery import dead_letters, event_archive, messages, replay
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.recovery.destinations import Outcome
from stagectl.recovery.failure_reasons import FailureReasons
from stagectl.recovery.message_report import report
from stagectl.recovery.redrive import Redrive

from drivers.exchange import Driver
from steps.given import User
from steps.shop import catalogue, then, when
from steps.when import an_event_happens
from support.end_to_end_queue import EndToEndQueue, Message
from support.polling import until
from support.stage import REPOSITORY, Stage
from support.stagectl_command import stagectl

# They change queues and purge them, which on AWS is not for a test suite to do. No handler of this process
# has a part in it.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("notifications")]

GOOD = 9
# As deployed it takes ten tries.
RECEIVE_COUNT = 2
DEAD_LETTER_SECONDS = 60
REFUSED_SECONDS = 2
TOLD_WITHIN_SECONDS = 10


@dataclass(frozen=True)
class Consumer:
    """A queue with what reads it, as far as a test meddles with them."""

    url: str
    arn: str
    dead_letter_queue: str


@pytest.fixture(scope="module", autouse=True)
def no_function_starts_cold(stage: Stage, driver: Driver, any_customer: User) -> None:
    """Let an order go its way: a cold start on a busy machine takes all the time that queues here give."""
    order_id = then.an_order_is_placed(
        when.a_customer_orders_from(driver, any_customer, catalogue.A_RESTAURANT)
    )
    then.the_order_becomes_notified(driver, any_customer, order_id)


@pytest.fixture
def order_placed(stage: Stage) -> Iterator[Consumer]:
    """The queue of order_placed, which gives up soon, with an empty dead-letter queue before and after."""
    with _giving_up_soon(stage, "notifications", "order-placed") as consumer:
        yield consumer


@pytest.fixture
def restaurant_notified(stage: Stage) -> Iterator[Consumer]:
    """The queue of restaurant_notified, in the same way."""
    with _giving_up_soon(stage, "orders", "restaurant-notified") as consumer:
        yield consumer


@pytest.fixture
def unpublished_orders(stage: Stage) -> Iterator[str]:
    """The queue of events that the bus did not take, empty before and after."""
    with _emptied(stage, stage.name_on_stage("orders", "unpublished-orders-dlq")) as queue:
        yield queue


def test_one_poisonous_message_among_ten_fails_alone_and_is_shown_with_its_reason(
    driver: Driver, stage: Stage, customer: User, messages: EndToEndQueue, order_placed: Consumer
) -> None:
    poison = str(uuid.uuid4())
    with _held_up(stage, order_placed):
        order_ids = [
            then.an_order_is_placed(when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT))
            for _ in range(GOOD)
        ]
        # Not by the bus: others take order_placed too, and would believe that there is such an order.
        stage.sqs.send_message(QueueUrl=order_placed.url, MessageBody=_event("order_placed", orderId=poison))
        _once_the_queue_holds(stage, order_placed.url, GOOD + 1)

    for order_id in order_ids:
        then.the_order_becomes_notified(driver, customer, order_id)
    queue = _once_a_letter_is_dead(stage, order_placed)

    assert queue.messages == 1
    assert [source.name for source in queue.sources] == [stage.name_on_stage("notifications", "order-placed")]
    (letter,) = _peek(stage, queue)
    assert letter["payload"]["detail"] == {"orderId": poison}
    assert "does not fit" in letter["reason"]
    assert "restaurantName" in letter["reason"]
    # It was put aside at its first try, and is looked at now.
    assert letter["receiveCount"] == 1
    for order_id in order_ids:
        assert len(messages.seen(_about("notification", order_id))) == 1
    assert messages.seen(_about("notification", poison)) == []


def test_an_event_that_eventbridge_may_not_deliver_is_kept_and_redriven(
    driver: Driver, stage: Stage, customer: User, order_placed: Consumer
) -> None:
    with _without_policy(stage, order_placed):
        order_id = then.an_order_is_placed(
            when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT)
        )
        queue = _once_a_letter_is_dead(stage, order_placed)
        (letter,) = _peek(stage, queue)
    assert letter["payload"]["detail"]["orderId"] == order_id
    assert letter["reason"].startswith("NO_PERMISSIONS")

    assert _redrive(stage, queue) == [Outcome.SENT]

    then.the_order_becomes_notified(driver, customer, order_id)


@pytest.mark.about("orders")
def test_redriving_brings_a_message_home_once_its_cause_is_mended(
    driver: Driver, stage: Stage, customer: User, restaurant_notified: Consumer
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT))
    then.the_order_becomes_notified(driver, customer, order_id)
    with _without_order(stage, order_id):
        an_event_happens(
            stage, "restaurant_notified", {"orderId": order_id, "restaurantName": catalogue.A_RESTAURANT}
        )
        queue = _once_a_letter_is_dead(stage, restaurant_notified)
        (letter,) = _peek(stage, queue)
        assert letter["payload"]["detail"]["orderId"] == order_id
        assert "OrderNotFoundError" in letter["reason"]
    order = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
    assert order.state == "placed"

    outcomes = _redrive(stage, queue)

    assert outcomes == [Outcome.SENT]
    then.the_order_becomes_notified(driver, customer, order_id)
    assert _queue(stage, restaurant_notified.dead_letter_queue).messages == 0


@pytest.mark.about("orders")
def test_an_item_of_an_unknown_state_is_put_aside_and_the_orders_behind_it_are_notified(
    driver: Driver, stage: Stage, customer: User, unpublished_orders: str
) -> None:
    bad, good = str(uuid.uuid4()), [str(uuid.uuid4()) for _ in range(2)]
    with _items(stage, customer, {bad: "eaten"} | dict.fromkeys(good, "placed")):
        url = stage.sqs.get_queue_url(QueueName=unpublished_orders)["QueueUrl"]
        _once_the_queue_holds(stage, url, 1)
        for order_id in good:
            then.the_order_becomes_notified(driver, customer, order_id)
        queue = _queue(stage, unpublished_orders)
        (letter,) = _peek(stage, queue)
        assert letter["kind"] == "stream record"
        assert "state" in letter["reason"]
        assert bad in json.dumps(letter["payload"])

        # It is as unreadable as before, so its function puts it aside once more.
        assert _redrive(stage, queue) == [Outcome.SENT, Outcome.CAME_BACK]
        assert _queue(stage, unpublished_orders).messages == 1


def test_a_restaurant_is_notified_soon_after_its_channel_was_refused_for_two_seconds(
    driver: Driver, stage: Stage, customer: User, messages: EndToEndQueue
) -> None:
    began = time.monotonic()
    with _refused(stage):
        order_id = then.an_order_is_placed(
            when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT)
        )
        time.sleep(REFUSED_SECONDS)
        assert messages.seen(_about("notification", order_id)) == []
    messages.wait_for(
        _about("notification", order_id),
        within_seconds=TOLD_WITHIN_SECONDS - REFUSED_SECONDS,
        what="the notification",
        about=order_id,
    )
    assert time.monotonic() - began < TOLD_WITHIN_SECONDS


@pytest.mark.about("orders")
def test_the_trace_of_an_order_shows_its_retries_its_dead_letter_and_what_came_of_it(
    driver: Driver, stage: Stage, customer: User, order_placed: Consumer
) -> None:
    with _refused(stage):
        order_id = then.an_order_is_placed(
            when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT)
        )
        queue = _once_a_letter_is_dead(stage, order_placed)
        dead = _traced(stage, order_id)

    assert [line["entry"]["attempt"] for line in _of_notifying(dead) if line["isError"]] == [1, 2]
    (letter,) = dead["deadLetters"]
    assert letter["queue"] == queue.name
    assert "AuthorizationErrorException" in letter["message"]["reason"]
    assert "The restaurant was not notified: the order is still “placed”." in dead["missing"]
    assert any("notify-restaurant has not handled order_placed" in one for one in dead["missing"])

    assert _redrive(stage, queue) == [Outcome.SENT]
    then.the_order_becomes_notified(driver, customer, order_id)
    told = until(
        lambda: _traced(stage, order_id),
        lambda found: found["missing"] == [],
        within_seconds=then.DELIVERY_SECONDS,
        what="a trace without a gap",
    )

    assert _of_notifying(told)[-1]["entry"]["message"] == "restaurant notified"
    assert told["deadLetters"] == told["missing"] == []


@pytest.mark.about("orders")
def test_an_event_that_the_bus_did_not_take_is_published_again(
    stage: Stage, messages: EndToEndQueue, unpublished_orders: str
) -> None:
    # Of a type that nobody takes: an order_placed of no order would fail at its consumers.
    detail_type, detail = "e2e_taken_by_nobody", {"orderId": str(uuid.uuid4())}
    stage.sqs.send_message(
        QueueUrl=stage.sqs.get_queue_url(QueueName=unpublished_orders)["QueueUrl"],
        MessageBody=json.dumps(
            {
                "EventBusName": stage.published("shared-infra", "eventBusName"),
                "Source": "big-mouth",
                "DetailType": detail_type,
                "Detail": json.dumps(detail),
                "reason": "InternalFailure",
            }
        ),
    )
    queue = _queue(stage, unpublished_orders)
    (letter,) = _peek(stage, queue)
    assert (letter["kind"], letter["reason"]) == ("unpublished event", "InternalFailure")

    assert _redrive(stage, queue) == [Outcome.PUBLISHED]

    assert _queue(stage, unpublished_orders).messages == 0
    messages.wait_for(
        lambda message: message.name == detail_type and message.content == detail,
        within_seconds=then.DELIVERY_SECONDS,
        what=f"{detail_type} on the bus",
        about=detail["orderId"],
    )


def test_a_replayed_event_arrives_again_and_its_restaurant_is_notified_once(
    driver: Driver, stage: Stage, customer: User, messages: EndToEndQueue
) -> None:
    # The emulator knows the times of events to the second.
    since = datetime.now(tz=UTC).replace(microsecond=0)
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT))
    then.the_order_becomes_notified(driver, customer, order_id)
    then.the_topic_carries(messages, order_id)
    then.the_bus_carries(messages, stage, "order_placed", order_id)
    events, now = _events(stage), datetime.now(tz=UTC)

    plan = replay.make_plan(events, event_archive.find(events, stage.name), since=since, until=now, now=now)
    replay.start(events, plan)
    states = [state.state for state in replay.wait(events, plan)]

    assert states[-1] == "COMPLETED"
    until(
        lambda: messages.seen(_about("order_placed", order_id)),
        lambda seen: len(seen) == 2,
        within_seconds=then.DELIVERY_SECONDS,
        what=f"order_placed of order {order_id} a second time",
    )
    assert len(messages.seen(_about("notification", order_id))) == 1


def _about(name: str, order_id: str) -> Callable[[Message], bool]:
    return lambda message: message.name == name and message.content.get("orderId") == order_id


def _traced(stage: Stage, subject: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stagectl(stage, "trace", subject, "--json").stdout)
    assert found["notRead"] == []
    return found


def _of_notifying(trace: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in trace["lines"] if line["function"] == "notify-restaurant"]


def _events(stage: Stage) -> EventBridgeClient:
    return stage.events


def _event(detail_type: str, **detail: str) -> str:
    """Make the body that a rule of the bus would send to a queue."""
    return json.dumps(
        {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": detail_type,
            "source": "big-mouth",
            "account": "000000000000",
            "time": f"{datetime.now(tz=UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": "us-east-1",
            "resources": [],
            "detail": detail,
        }
    )


@contextmanager
def _giving_up_soon(stage: Stage, service: str, queue: str) -> Iterator[Consumer]:
    """Let a queue give up on messages after two tries; its dead-letter queue is empty before and after."""
    name = stage.name_on_stage(service, queue)
    url = stage.sqs.get_queue_url(QueueName=name)["QueueUrl"]
    before = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy", "QueueArn"])[
        "Attributes"
    ]
    policy = json.loads(before["RedrivePolicy"]) | {"maxReceiveCount": RECEIVE_COUNT}
    with _emptied(stage, f"{name}-dlq") as dead_letter_queue:
        stage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})
        try:
            yield Consumer(url, before["QueueArn"], dead_letter_queue)
        finally:
            stage.sqs.set_queue_attributes(
                QueueUrl=url, Attributes={"RedrivePolicy": before["RedrivePolicy"]}
            )


@contextmanager
def _emptied(stage: Stage, queue: str) -> Iterator[str]:
    url = stage.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    stage.sqs.purge_queue(QueueUrl=url)
    try:
        yield queue
    finally:
        stage.sqs.purge_queue(QueueUrl=url)


@contextmanager
def _items(stage: Stage, customer: User, states: dict[str, str]) -> Iterator[None]:
    """Write orders of these states into the table, one after another; they are gone afterwards."""
    table = stage.environment("orders", "get-order")["TABLE_NAME"]
    dynamodb = boto3.client("dynamodb", region_name=stage.region)
    for order_id, state in states.items():
        item = {
            "orderId": order_id,
            "customerId": customer.user_id,
            "restaurantName": catalogue.A_RESTAURANT,
            "state": state,
            "placedAt": datetime.now(tz=UTC).isoformat(timespec="microseconds"),
        }
        dynamodb.put_item(TableName=table, Item={name: {"S": value} for name, value in item.items()})
    try:
        yield
    finally:
        for order_id in states:
            dynamodb.delete_item(TableName=table, Key={"orderId": {"S": order_id}})


@contextmanager
def _refused(stage: Stage) -> Iterator[None]:
    """Take from the function the permission to tell restaurants, and give it back."""
    iam = stage.iam
    role = stage.name_on_stage("notifications", "notify-restaurant")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy: Any = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    allowed = [each for each in policy["Statement"] if "sns:Publish" not in each["Action"]]
    assert len(allowed) < len(policy["Statement"])
    iam.put_role_policy(
        RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy | {"Statement": allowed})
    )
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))


@contextmanager
def _without_policy(stage: Stage, consumer: Consumer) -> Iterator[None]:
    """Let nothing send to a queue meanwhile."""
    attributes = stage.sqs.get_queue_attributes(QueueUrl=consumer.url, AttributeNames=["Policy"])[
        "Attributes"
    ]
    stage.sqs.set_queue_attributes(QueueUrl=consumer.url, Attributes={"Policy": ""})
    try:
        yield
    finally:
        stage.sqs.set_queue_attributes(QueueUrl=consumer.url, Attributes={"Policy": attributes["Policy"]})


@contextmanager
def _held_up(stage: Stage, consumer: Consumer) -> Iterator[None]:
    """Keep the function from reading its queue meanwhile, so that messages come to it as one batch."""
    (mapping,) = stage.lambda_.list_event_source_mappings(EventSourceArn=consumer.arn)["EventSourceMappings"]
    _switch(stage, mapping["UUID"], is_on=False)
    try:
        yield
    finally:
        _switch(stage, mapping["UUID"], is_on=True)


def _switch(stage: Stage, mapping_id: str, *, is_on: bool) -> None:
    stage.lambda_.update_event_source_mapping(UUID=mapping_id, Enabled=is_on)
    wanted = "Enabled" if is_on else "Disabled"
    until(
        lambda: stage.lambda_.get_event_source_mapping(UUID=mapping_id)["State"],
        lambda state: state == wanted,
        within_seconds=then.DELIVERY_SECONDS,
        what=f"the event source mapping in state {wanted}",
    )


def _once_the_queue_holds(stage: Stage, url: str, number: int) -> None:
    until(
        lambda: _waiting_in(stage, url),
        lambda waiting: waiting == number,
        within_seconds=then.DELIVERY_SECONDS,
        what=f"{number} messages in {url}",
    )


def _once_a_letter_is_dead(stage: Stage, consumer: Consumer) -> DeadLetterQueue:
    url = stage.sqs.get_queue_url(QueueName=consumer.dead_letter_queue)["QueueUrl"]
    until(
        lambda: _waiting_in(stage, url),
        lambda waiting: waiting > 0,
        within_seconds=DEAD_LETTER_SECONDS,
        what=f"a message in {consumer.dead_letter_queue}",
    )
    return _queue(stage, consumer.dead_letter_queue)


def _waiting_in(stage: Stage, url: str) -> int:
    attributes = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def _queue(stage: Stage, name: str) -> DeadLetterQueue:
    found = dead_letters.find(
        stage.cloudformation, stage.sqs, stage.name, services.discover(REPOSITORY).values()
    )
    return dead_letters.choose(found, name)


def _peek(stage: Stage, queue: DeadLetterQueue) -> list[dict[str, Any]]:
    with messages.borrowed(stage.sqs, queue.url, at_most=10) as borrowed:
        return report(queue, borrowed, FailureReasons(stage.lambda_, stage.logs))


def _redrive(stage: Stage, queue: DeadLetterQueue) -> list[Outcome]:
    with closing(Redrive(stage.sqs, _events(stage), stage.lambda_).run(queue)) as steps:
        return [step.outcome for step in steps]


@contextmanager
def _without_order(stage: Stage, order_id: str) -> Iterator[None]:
    """Take an order away from its table; afterwards it is there as it was when it was placed."""
    table = stage.environment("orders", "get-order")["TABLE_NAME"]
    dynamodb = boto3.client("dynamodb", region_name=stage.region)
    item = dynamodb.delete_item(TableName=table, Key={"orderId": {"S": order_id}}, ReturnValues="ALL_OLD")
    try:
        yield
    finally:
        dynamodb.put_item(TableName=table, Item=item["Attributes"] | {"state": {"S": "placed"}})
