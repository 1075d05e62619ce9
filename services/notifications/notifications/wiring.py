"""Builds the adapters, once and lazily; the only place that knows both them and the settings.

Each is imported by the function that builds it, so that no Lambda loads what only another one uses.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from notifications.settings import BusSettings, NotifySettings, PageSettings
from service_kit.settings import load_settings

if TYPE_CHECKING:
    from notifications.adapters.customer_topic import CustomerTopic
    from notifications.adapters.deliveries import Deliveries
    from notifications.adapters.event_bus import EventBus
    from notifications.adapters.page_sockets import PageSockets
    from notifications.adapters.page_table import PageTable
    from notifications.adapters.restaurant_topic import RestaurantTopic
    from notifications.adapters.restaurants_api import RestaurantsApi


@cache
def channel() -> RestaurantTopic:
    """Return the topic of messages to restaurants."""
    from notifications.adapters.restaurant_topic import RestaurantTopic

    return RestaurantTopic(load_settings(NotifySettings).topic_arn)


@cache
def event_bus() -> EventBus:
    """Return the stage's bus."""
    from notifications.adapters.event_bus import EventBus

    settings = load_settings(BusSettings)
    return EventBus(settings.event_bus_name, source=settings.event_source)


@cache
def deliveries() -> Deliveries:
    """Return the table of the orders that restaurants were notified of."""
    from notifications.adapters.deliveries import Deliveries

    return Deliveries(load_settings(NotifySettings).deliveries_table_name, purpose="notify-restaurant")


@cache
def customer_channel() -> CustomerTopic:
    """Return the topic of messages to customers."""
    from notifications.adapters.customer_topic import CustomerTopic

    return CustomerTopic(load_settings(NotifySettings).topic_arn)


@cache
def customer_deliveries() -> Deliveries:
    """Return the table of what customers were notified of."""
    from notifications.adapters.deliveries import Deliveries

    return Deliveries(load_settings(NotifySettings).deliveries_table_name, purpose="notify-customer")


@cache
def pages() -> PageTable:
    """Return the table of the pages that are told of changes."""
    from notifications.adapters.page_table import PageTable

    return PageTable(load_settings(PageSettings).pages_table_name)


@cache
def page_sockets() -> PageSockets:
    """Return the way to connected pages."""
    from notifications.adapters.page_sockets import PageSockets

    return PageSockets()


@cache
def staff() -> RestaurantsApi:
    """Return the API that knows who is staff of a restaurant."""
    from notifications.adapters.restaurants_api import RestaurantsApi
    from service_kit.parameters import Published

    return RestaurantsApi(Published("restaurants", "serviceUrl"))
