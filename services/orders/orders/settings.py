"""The typed environment; nothing else in this service reads `os.environ`.

Each function sees only the variables that its entry in serverless.yml gives it, so each asks for its own
model.
"""

from pydantic import Field

from service_kit.settings import ServiceSettings


class TableSettings(ServiceSettings):
    """For functions that use the table."""

    table_name: str


class CountSettings(ServiceSettings):
    """For functions that use the table of customers' attempts at orders."""

    allowances_table_name: str


class AllowanceSettings(CountSettings):
    """For the function that places orders."""

    orders_per_customer: int = Field(ge=1)
    window_seconds: int = Field(ge=1)


class RestaurantsSettings(ServiceSettings):
    """For the function that asks which restaurants exist."""

    restaurants_max_age_seconds: float = Field(ge=0, allow_inf_nan=False)


class StaffSettings(ServiceSettings):
    """For functions that ask who is staff of a restaurant."""

    staff_max_age_seconds: float = Field(ge=0, allow_inf_nan=False)


class ListSettings(TableSettings):
    """For functions that answer with pages of orders."""

    page_size: int = Field(ge=1)


class BusSettings(ServiceSettings):
    """For functions that publish events."""

    event_bus_name: str
    event_source: str


class OutboxSettings(BusSettings):
    """For the function that publishes what happens to orders."""

    dead_letter_queue_url: str
    give_up_after_seconds: float = Field(gt=0)


class WaitSettings(ServiceSettings):
    """For the function that reads the queue of orders that wait for an answer."""

    queue_url: str
