"""Builds the adapters, once and lazily; the only place that knows both them and the settings."""

from functools import cache

from orders.adapters.event_bus import EventBus
from orders.adapters.order_table import OrderTable
from orders.adapters.restaurants_api import RestaurantsApi
from orders.settings import BusSettings, TableSettings
from service_kit.settings import load_settings


@cache
def orders() -> OrderTable:
    """Give the orders in this function's table."""
    return OrderTable(load_settings(TableSettings).table_name)


@cache
def restaurants() -> RestaurantsApi:
    """Give the catalogue, which another service owns."""
    return RestaurantsApi()


@cache
def event_bus() -> EventBus:
    """Give the stage's bus."""
    return EventBus(load_settings(BusSettings).event_bus_name)
