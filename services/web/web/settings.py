"""The typed environment; nothing else in this service reads `os.environ`.

Each function sees only the variables that its entry in serverless.yml gives it, so each asks for its own
model.
"""

from service_kit.settings import ServiceSettings


class AssetSettings(ServiceSettings):
    """For the function that answers with the pages' files."""

    assets_bucket_name: str


class PageSettings(ServiceSettings):
    """For the functions that answer with pages."""

    service_url: str
    cognito_endpoint: str
    aws_region: str


class DocsSettings(ServiceSettings):
    """For the function that answers with the description of the APIs."""

    service_url: str
    api_docs: bool
