"""The environment of this service's functions."""

import service_kit.testing
from web import wiring

function_environment = service_kit.testing.function_environment(
    "web",
    wiring,
    ASSETS_BUCKET_NAME="an-assets-bucket",
    API_DOCS="true",
    SERVICE_URL="https://web.example/test",
    COGNITO_ENDPOINT="https://cognito-idp.eu-central-1.amazonaws.com",
)
