"""The typed environment; nothing else in this service reads `os.environ`.

Each function sees only the variables that its entry in serverless.yml gives it, so each asks for its own
model.
"""

from pydantic import Field

from service_kit.settings import ServiceSettings, load_settings


class TableSettings(ServiceSettings):
    """For functions that use the table."""

    table_name: str


class CatalogueSettings(ServiceSettings):
    """For functions that show restaurants, whose images are named below this service's URL."""

    service_url: str


class ListSettings(CatalogueSettings):
    """For functions that answer with many restaurants."""

    max_count: int = Field(ge=1)


class FavouriteSettings(ServiceSettings):
    """For functions that use the table of favourites."""

    favourites_table_name: str


class FavouritePageSettings(FavouriteSettings):
    """For the function that answers with pages of favourites."""

    page_size: int = Field(ge=1)


class StaffSettings(TableSettings):
    """For functions that use the table of staff, who are staff of restaurants in the other table."""

    staff_table_name: str


class SubmissionSettings(ServiceSettings):
    """For functions that use the table of submissions."""

    submissions_table_name: str


class ReviewSettings(ServiceSettings):
    """For functions that start or end the wait for a review; those that only end it have no ARN."""

    state_machine_arn: str | None = None


class SubmissionPageSettings(SubmissionSettings):
    """For the function that answers with pages of submissions."""

    page_size: int = Field(ge=1)


class BusSettings(ServiceSettings):
    """For functions that publish events."""

    event_bus_name: str
    event_source: str


def max_count() -> int:
    """Return the largest number of restaurants that one answer may hold."""
    return load_settings(ListSettings).max_count
