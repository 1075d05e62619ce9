"""Builds the adapters, once and lazily; the only place that knows both them and the settings.

Each is imported by the function that builds it, so that no Lambda loads what only another one uses.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from orders.settings import (
    AllowanceSettings,
    BusSettings,
    CountSettings,
    OutboxSettings,
    RestaurantsSettings,
    StaffSettings,
    TableSettings,
    WaitSettings,
)
from service_kit.settings import load_settings

if TYPE_CHECKING:
    from orders.adapters.allowance_table import AllowanceCounts, AllowanceTable
    from orders.adapters.event_bus import EventBus
    from orders.adapters.order_table import OrderTable
    from orders.adapters.restaurants_api import RestaurantsApi
    from orders.adapters.unpublished_queue import UnpublishedQueue
    from orders.adapters.waiting_orders_queue import WaitingOrdersQueue


@cache
def orders() -> OrderTable:
    """Return the orders in this function's table."""
    from orders.adapters.order_table import OrderTable

    return OrderTable(load_settings(TableSettings).table_name)


@cache
def restaurants() -> RestaurantsApi:
    """Return the API of the catalogue, which another service owns."""
    from orders.adapters.restaurants_api import RestaurantsApi
    from service_kit.parameters import Published

    return RestaurantsApi(
        Published("restaurants", "serviceUrl"),
        max_age_seconds=load_settings(RestaurantsSettings).restaurants_max_age_seconds,
    )


@cache
def staff() -> RestaurantsApi:
    """Return the API that knows who is staff of a restaurant."""
    from orders.adapters.restaurants_api import RestaurantsApi
    from service_kit.parameters import Published

    return RestaurantsApi(
        Published("restaurants", "serviceUrl"),
        max_age_seconds=load_settings(StaffSettings).staff_max_age_seconds,
    )


@cache
def allowances() -> AllowanceTable:
    """Return the table that counts customers' attempts at orders."""
    from orders.adapters.allowance_table import AllowanceTable

    settings = load_settings(AllowanceSettings)
    return AllowanceTable(
        settings.allowances_table_name,
        most=settings.orders_per_customer,
        window_seconds=settings.window_seconds,
    )


@cache
def counts() -> AllowanceCounts:
    """Return the same table, to delete what is counted of a person."""
    from orders.adapters.allowance_table import AllowanceCounts

    return AllowanceCounts(load_settings(CountSettings).allowances_table_name)


@cache
def event_bus() -> EventBus:
    """Return the stage's bus."""
    from orders.adapters.event_bus import EventBus

    settings = load_settings(BusSettings)
    return EventBus(settings.event_bus_name, source=settings.event_source)


@cache
def unpublished() -> UnpublishedQueue:
    """Return the queue of events that the bus did not accept for too long."""
    from orders.adapters.unpublished_queue import UnpublishedQueue

    settings = load_settings(OutboxSettings)
    return UnpublishedQueue(
        settings.dead_letter_queue_url, settings.event_bus_name, event_source=settings.event_source
    )


@cache
def waiting_orders() -> WaitingOrdersQueue:
    """Return the queue of orders that wait for an answer."""
    from orders.adapters.waiting_orders_queue import WaitingOrdersQueue

    return WaitingOrdersQueue(load_settings(WaitSettings).queue_url)
