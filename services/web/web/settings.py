"""The typed environment; nothing else in this service reads `os.environ`.

Each function sees only the variables that its entry in serverless.yml gives it, so each asks for its own
model.
"""

from service_kit.settings import ServiceSettings


class AssetSettings(ServiceSettings):
    """For the function that answers with the pages' files."""

    assets_bucket_name: str


class AcceptanceSettings(ServiceSettings):
    """For the functions that use the table of acceptances."""

    acceptances_table_name: str


class BusSettings(ServiceSettings):
    """For functions that publish events."""

    event_bus_name: str
    event_source: str


class LegalSettings(ServiceSettings):
    """For the function that answers with legal documents; what is empty shows as not filled in."""

    service_url: str
    operator_name: str = ""
    operator_address: str = ""
    operator_email: str = ""


class PageSettings(ServiceSettings):
    """For the functions that answer with pages."""

    service_url: str
    cognito_endpoint: str
    aws_region: str


class DocsSettings(ServiceSettings):
    """For the function that answers with the description of the APIs."""

    service_url: str
    api_docs: bool
