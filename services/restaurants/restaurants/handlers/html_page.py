"""What all pages have in common: what their scripts have to know, and their headers."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools import Logger

from restaurants import wiring
from restaurants.handlers.origins import origin_of
from restaurants.settings import PageSettings
from service_kit.http import HttpResponse
from service_kit.parameters import FromParameter
from service_kit.settings import load_settings

logger = Logger()

UserPoolId = Annotated[str, FromParameter("userPoolId", service="auth")]
WebClientId = Annotated[str, FromParameter("webClientId", service="auth")]
OrdersUrl = Annotated[str, FromParameter("serviceUrl", service="orders")]
NotificationsUrl = Annotated[str, FromParameter("serviceUrl", service="notifications")]
LiveUrl = Annotated[str, FromParameter("liveUrl", service="notifications")]


def html_page(
    render: Callable[..., str],
    *,
    user_pool_id: str,
    web_client_id: str,
    orders_url: str,
    notifications_url: str,
    live_url: str,
    **context: Any,
) -> HttpResponse:
    """Return a page that loads only this service's own files and calls only the services and Cognito.

    Args:
        render: Returns the page; it also gets this service's URL as `base_url`, what the page's script has to
            know as `client`, and `hashed`, which gives the URL of an asset with its hash.
        user_pool_id: The user pool that people sign in to.
        web_client_id: The pool's client for pages.
        orders_url: The root URL of orders.
        notifications_url: The root URL of notifications.
        live_url: Where pages connect to hear of changes.
        context: What the page shows.
    """
    settings = load_settings(PageSettings)
    client = {
        "region": settings.aws_region,
        "userPoolId": user_pool_id,
        "webClientId": web_client_id,
        "cognitoEndpoint": settings.cognito_endpoint,
        "restaurantsUrl": settings.service_url,
        "ordersUrl": orders_url.rstrip("/"),
        "notificationsUrl": notifications_url.rstrip("/"),
    }
    return HttpResponse(
        body=render(base_url=settings.service_url, hashed=wiring.assets().hashed, client=client, **context),
        content_type="text/html; charset=utf-8",
        headers={
            "cache-control": "no-cache",
            "content-security-policy": content_security_policy(
                orders_url, notifications_url, live_url, settings.cognito_endpoint
            ),
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
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
