"""The typed environment; nothing else in this service reads `os.environ`."""

from service_kit.settings import ServiceSettings


class NotifySettings(ServiceSettings):
    """For functions that notify a restaurant or a customer."""

    topic_arn: str
    deliveries_table_name: str


class BusSettings(ServiceSettings):
    """For functions that publish events."""

    event_bus_name: str
    event_source: str


class PageSettings(ServiceSettings):
    """For functions that know which pages are connected."""

    pages_table_name: str


class LiveSettings(ServiceSettings):
    """For the function that tells pages where to connect."""

    live_url: str
