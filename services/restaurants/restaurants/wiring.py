"""Builds the adapters, once and lazily; the only place that knows both them and the settings."""

from functools import cache

from restaurants.adapters.favourite_table import FavouriteTable
from restaurants.adapters.restaurant_table import RestaurantTable
from restaurants.settings import FavouriteSettings, TableSettings
from service_kit.settings import load_settings


@cache
def catalogue() -> RestaurantTable:
    """Give the catalogue in this function's table."""
    return RestaurantTable(load_settings(TableSettings).table_name)


@cache
def favourites() -> FavouriteTable:
    """Give the bookmarks in this function's table of them."""
    return FavouriteTable(load_settings(FavouriteSettings).favourites_table_name)
