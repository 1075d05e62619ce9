"""The typed environment; nothing else in this service reads `os.environ`."""

from service_kit.settings import ServiceSettings


class NotifySettings(ServiceSettings):
    """For functions that tell restaurants of orders."""

    topic_arn: str
    deliveries_table_name: str
    event_bus_name: str
