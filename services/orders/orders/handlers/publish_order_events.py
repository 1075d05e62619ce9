"""The table's stream."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from orders import wiring
from orders.domain.errors import NotPublishedError
from orders.domain.models import Order, OrderState
from orders.domain.publish_order_events import OrderChange, event_of, publish_order_events
from orders.settings import OutboxSettings
from service_kit.events import Change, stream_handler
from service_kit.invocation import metrics
from service_kit.settings import load_settings

COUNTS = {
    OrderState.PLACED: "OrdersPlaced",
    OrderState.ACCEPTED: "OrdersAccepted",
    OrderState.REJECTED: "OrdersRejected",
    OrderState.EXPIRED: "OrdersExpired",
    OrderState.CANCELLED: "OrdersCancelled",
}
ANSWERS_OF_RESTAURANTS = (OrderState.ACCEPTED, OrderState.REJECTED)


@stream_handler(
    event_names={"INSERT", "MODIFY"},
    again=(NotPublishedError,),
    uses=(wiring.event_bus, wiring.unpublished),
)
def handle(changes: list[Change[Order]]) -> None:
    """Publish what the changes mean; raising makes Lambda bring the batch again."""
    happened = [OrderChange(before=change.old, now=change.new, at=change.at) for change in changes]
    publish_order_events(
        wiring.event_bus(),
        wiring.unpublished(),
        happened,
        now=datetime.now(UTC),
        give_up_after=timedelta(seconds=load_settings(OutboxSettings).give_up_after_seconds),
    )
    _count(happened)


def _count(happened: Iterable[OrderChange]) -> None:
    """Count the changes, once the batch has succeeded: one that is delivered again was not counted before.

    The stream has each write of the table once, whoever wrote: a customer, a restaurant, an operator, or the
    erasure of a person. So a repeated request is not counted twice. Only a batch that succeeds, and that
    Lambda delivers again all the same, is counted again, and is published again as well.
    """
    for change in happened:
        if event_of(change) is None:
            continue
        order = change.now
        # As `event_of` has it: a new item is an order that was placed, whatever its state.
        state = OrderState.PLACED if change.before is None else order.state
        metrics.add_metric(name=COUNTS[state], unit="Count", value=1)
        if state in ANSWERS_OF_RESTAURANTS and order.answered_at is not None:
            waited_seconds = (order.answered_at - order.placed_at).total_seconds()
            metrics.add_metric(name="TimeToAnswerSeconds", unit="Seconds", value=waited_seconds)
