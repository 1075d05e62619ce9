"""Builds the adapters, once and lazily; the only place that knows both them and the settings.

Each is imported by the function that builds it, so that no Lambda loads what only another one uses.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from restaurants.settings import (
    BusSettings,
    FavouriteSettings,
    ReviewSettings,
    StaffSettings,
    SubmissionSettings,
    TableSettings,
)
from service_kit.settings import load_settings

if TYPE_CHECKING:
    from restaurants.adapters.event_bus import EventBus
    from restaurants.adapters.favourite_table import FavouriteTable
    from restaurants.adapters.restaurant_table import RestaurantTable
    from restaurants.adapters.review_workflow import ReviewWorkflow
    from restaurants.adapters.staff_table import StaffTable
    from restaurants.adapters.submission_table import SubmissionTable
    from restaurants.adapters.web_page import WebPage


@cache
def catalogue() -> RestaurantTable:
    """Return the catalogue in this function's table."""
    from restaurants.adapters.restaurant_table import RestaurantTable

    return RestaurantTable(load_settings(TableSettings).table_name)


@cache
def favourites() -> FavouriteTable:
    """Return the bookmarks in this function's table of them."""
    from restaurants.adapters.favourite_table import FavouriteTable

    return FavouriteTable(load_settings(FavouriteSettings).favourites_table_name)


@cache
def staff() -> StaffTable:
    """Return the staff in this function's table of them."""
    from restaurants.adapters.staff_table import StaffTable

    settings = load_settings(StaffSettings)
    return StaffTable(settings.staff_table_name, of_restaurants_in=settings.table_name)


@cache
def submissions() -> SubmissionTable:
    """Return the submissions in this function's table of them."""
    from restaurants.adapters.submission_table import SubmissionTable

    return SubmissionTable(load_settings(SubmissionSettings).submissions_table_name)


@cache
def reviews() -> ReviewWorkflow:
    """Return the workflow that waits for reviewers."""
    from restaurants.adapters.review_workflow import ReviewWorkflow

    return ReviewWorkflow(load_settings(ReviewSettings).state_machine_arn)


@cache
def event_bus() -> EventBus:
    """Return the stage's bus."""
    from restaurants.adapters.event_bus import EventBus

    settings = load_settings(BusSettings)
    return EventBus(settings.event_bus_name, source=settings.event_source)


@cache
def web_page() -> WebPage:
    """Return the landing page of the service `web`."""
    from restaurants.adapters.web_page import WebPage

    return WebPage()
