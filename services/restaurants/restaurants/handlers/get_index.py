"""GET /: the landing page."""

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools import Logger

from restaurants import wiring
from restaurants.handlers.origins import origin_of
from restaurants.settings import IndexSettings
from service_kit.http import HttpResponse, http_handler
from service_kit.parameters import FromParameter
from service_kit.settings import load_settings

logger = Logger()


@http_handler(answers={200: ["text/html"]}, uses=(wiring.landing_page,))
def handle(
    user_pool_id: Annotated[str, FromParameter("userPoolId", service="auth")],
    web_client_id: Annotated[str, FromParameter("webClientId", service="auth")],
    orders_url: Annotated[str, FromParameter("serviceUrl", service="orders")],
) -> HttpResponse:
    """Return the restaurants of the day, rendered, and what the page's script has to know."""
    settings = load_settings(IndexSettings)
    landing_page = wiring.landing_page()
    restaurants = landing_page.fetch_restaurants()
    page = landing_page.render(
        base_url=settings.service_url,
        restaurants=restaurants,
        day=f"{datetime.now(UTC):%A}",
        themes=sorted({theme for restaurant in restaurants for theme in restaurant["themes"]}),
        client={
            "region": settings.aws_region,
            "userPoolId": user_pool_id,
            "webClientId": web_client_id,
            "cognitoEndpoint": settings.cognito_endpoint,
            "restaurantsUrl": settings.service_url,
            "ordersUrl": orders_url.rstrip("/"),
        },
    )
    return HttpResponse(
        body=page,
        content_type="text/html; charset=utf-8",
        headers={
            "cache-control": "no-cache",
            "content-security-policy": content_security_policy(orders_url, settings.cognito_endpoint),
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        },
    )


def content_security_policy(*connect_to: str) -> str:
    """Return the policy of a page that loads only this service's own files and calls only these URLs.

    A URL that has no plain origin is left out, whatever else the policy would say with it.
    """
    found = {url: origin_of(url) for url in connect_to}
    if None in found.values():
        logger.error("a URL that the page should call has no plain origin")
    origins = sorted({origin for origin in found.values() if origin})
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            " ".join(["connect-src 'self'", *origins]),
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )
