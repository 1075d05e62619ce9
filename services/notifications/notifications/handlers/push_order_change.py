"""The queue of events that change what pages show."""

import time

from aws_lambda_powertools import Logger

from notifications import wiring
from notifications.domain.models import OrderChange
from notifications.domain.push_order_change import push_order_change
from service_kit.events import BusEvent, queue_handler

logger = Logger()


@queue_handler(uses=(wiring.pages, wiring.page_sockets))
def handle(event: BusEvent[OrderChange]) -> None:
    """Tell the pages of the order's customer and restaurant; a repeat has them look once more."""
    told = push_order_change(wiring.pages(), wiring.page_sockets(), event.detail, int(time.time()))
    logger.info("pages told", pages=told)
