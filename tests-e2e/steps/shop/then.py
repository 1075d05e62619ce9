"""Expectations of scenarios. Each step returns what it found."""

from collections.abc import Callable

from pydantic import TypeAdapter

from drivers.exchange import Answer, Driver
from steps.given import User
from steps.shop import when
from steps.shop.contract import (
    EVENT_DETAILS,
    CustomerNotice,
    FavouritePage,
    Order,
    OrderPage,
    PlacedOrder,
    Restaurant,
    RestaurantNotice,
    RestaurantPage,
    StaffList,
    SubmissionPage,
    Submitted,
)
from steps.then import DELIVERY_SECONDS, it_is_refused
from support.contract import Contract
from support.end_to_end_queue import EndToEndQueue, Message
from support.polling import until
from support.stage import Stage

__all__ = [
    "DELIVERY_SECONDS",
    "an_order_is_placed",
    "it_finds_restaurants",
    "it_is_refused",
    "it_is_submitted",
    "it_shows_an_order",
    "it_shows_favourites",
    "it_shows_orders",
    "it_shows_restaurants",
    "it_shows_staff",
    "it_shows_submissions",
    "the_bus_carries",
    "the_customer_is_notified",
    "the_order_becomes_notified",
    "the_topic_carries",
]

RESTAURANTS = TypeAdapter(list[Restaurant])


def it_shows_restaurants(answer: Answer) -> list[Restaurant]:
    """The answer is a list of restaurants in the contract's shape."""
    assert answer.status == 200, (answer.status, answer.text)
    assert answer.headers["content-type"].startswith("application/json")
    return RESTAURANTS.validate_json(answer.content, strict=True)


def an_order_is_placed(answer: Answer) -> str:
    """The answer holds an order's id."""
    assert answer.status == 200, (answer.status, answer.text)
    return str(PlacedOrder.model_validate_json(answer.content).orderId)


def it_shows_an_order(answer: Answer) -> Order:
    """The answer is an order in the contract's shape."""
    assert answer.status == 200, (answer.status, answer.text)
    return Order.model_validate_json(answer.content)


def it_shows_orders(answer: Answer) -> OrderPage:
    """The answer is a page of orders in the contract's shape."""
    assert answer.status == 200, (answer.status, answer.text)
    return OrderPage.model_validate_json(answer.content)


def it_finds_restaurants(answer: Answer) -> RestaurantPage:
    """The answer is a page of found restaurants in the contract's shape."""
    assert answer.status == 200, (answer.status, answer.text)
    return RestaurantPage.model_validate_json(answer.content)


def it_shows_favourites(answer: Answer) -> FavouritePage:
    """The answer is a page of favourites in the contract's shape."""
    assert answer.status == 200, (answer.status, answer.text)
    return FavouritePage.model_validate_json(answer.content)


def it_shows_staff(answer: Answer) -> list[str]:
    """The answer is a restaurant's staff in the contract's shape; returns the addresses."""
    assert answer.status == 200, (answer.status, answer.text)
    return [member.email for member in StaffList.model_validate_json(answer.content).staff]


def it_is_submitted(answer: Answer) -> str:
    """The answer is a stored submission; returns its id."""
    assert answer.status == 202, (answer.status, answer.text)
    return str(Submitted.model_validate_json(answer.content).submissionId)


def it_shows_submissions(answer: Answer) -> dict[str, str]:
    """The answer is a page of submissions in the contract's shape; returns their states by id."""
    assert answer.status == 200, (answer.status, answer.text)
    page = SubmissionPage.model_validate_json(answer.content)
    return {str(one.submissionId): one.state for one in page.submissions}


def the_order_becomes_notified(driver: Driver, customer: User, order_id: str) -> Order:
    """The customer sees the order's state change from placed to notified."""
    return until(
        lambda: it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id)),
        lambda order: order.state == "notified",
        within_seconds=DELIVERY_SECONDS,
        what=f"order {order_id} in state notified",
    )


def the_bus_carries(queue: EndToEndQueue, stage: Stage, detail_type: str, order_id: str) -> Contract:
    """The stage's bus carries this event of the order, in the contract's shape; returns its detail."""
    bus = stage.published("shared-infra", "eventBusName")
    message = queue.wait_for(
        _about(order_id, lambda one: one.name == detail_type and one.channel == bus),
        within_seconds=DELIVERY_SECONDS,
        what=f"{detail_type} of order {order_id} on the bus {bus}",
        about=order_id,
    )
    assert message.source == "big-mouth"
    return _validated(EVENT_DETAILS[detail_type], message)


def the_topic_carries(queue: EndToEndQueue, order_id: str, what: str = "order_placed") -> Contract:
    """The restaurants' topic carries the order, in the contract's shape; returns it."""
    return _validated(RestaurantNotice, _notification(queue, order_id, "restaurants", what=what))


def the_customer_is_notified(queue: EndToEndQueue, order_id: str, what: str) -> CustomerNotice:
    """The customers' topic carries the outcome of the order, in the contract's shape; returns it."""
    message = _notification(queue, order_id, "customers", what=what)
    return CustomerNotice.model_validate_json(TypeAdapter(dict).dump_json(message.content))


def _notification(queue: EndToEndQueue, order_id: str, topic: str, **content: str) -> Message:
    return queue.wait_for(
        _about(
            order_id,
            lambda one: (
                one.name == "notification"
                and one.channel.endswith(f"-{topic}")
                and content.items() <= one.content.items()
            ),
        ),
        within_seconds=DELIVERY_SECONDS,
        what=f"a notification of order {order_id} for {topic}",
        about=order_id,
    )


def _about(order_id: str, is_it: Callable[[Message], bool]) -> Callable[[Message], bool]:
    return lambda message: message.content.get("orderId") == order_id and is_it(message)


def _validated(contract: type[Contract], message: Message) -> Contract:
    # From JSON: ids and times are text there.
    return contract.model_validate_json(TypeAdapter(dict).dump_json(message.content))
