"""The table's stream."""

from datetime import UTC, datetime, timedelta

from orders import wiring
from orders.domain.errors import NotPublishedError
from orders.domain.models import Order
from orders.domain.publish_order_events import OrderChange, publish_order_events
from orders.settings import OutboxSettings
from service_kit.events import Change, stream_handler
from service_kit.settings import load_settings


@stream_handler(
    event_names={"INSERT", "MODIFY"},
    again=(NotPublishedError,),
    uses=(wiring.event_bus, wiring.unpublished),
)
def handle(changes: list[Change[Order]]) -> None:
    """Publish what the changes mean; raising makes Lambda bring the batch again."""
    publish_order_events(
        wiring.event_bus(),
        wiring.unpublished(),
        [OrderChange(before=change.old, now=change.new, at=change.at) for change in changes],
        now=datetime.now(UTC),
        give_up_after=timedelta(seconds=load_settings(OutboxSettings).give_up_after_seconds),
    )
