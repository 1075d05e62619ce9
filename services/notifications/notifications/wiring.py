"""Builds the adapters, once and lazily; the only place that knows both them and the settings."""

from functools import cache

from notifications.adapters.customer_topic import CustomerTopic
from notifications.adapters.deliveries import Deliveries
from notifications.adapters.event_bus import EventBus
from notifications.adapters.restaurant_topic import RestaurantTopic
from notifications.settings import BusSettings, NotifySettings
from service_kit.settings import load_settings


@cache
def channel() -> RestaurantTopic:
    """Give the way to restaurants."""
    return RestaurantTopic(load_settings(NotifySettings).topic_arn)


@cache
def event_bus() -> EventBus:
    """Give the stage's bus."""
    return EventBus(load_settings(BusSettings).event_bus_name)


@cache
def deliveries() -> Deliveries:
    """Give the memory of which restaurants were told of which orders."""
    return Deliveries(load_settings(NotifySettings).deliveries_table_name, purpose="notify-restaurant")


@cache
def customer_channel() -> CustomerTopic:
    """Give the way to customers."""
    return CustomerTopic(load_settings(NotifySettings).topic_arn)


@cache
def customer_deliveries() -> Deliveries:
    """Give the memory of which customers were told of what."""
    return Deliveries(load_settings(NotifySettings).deliveries_table_name, purpose="notify-customer")
