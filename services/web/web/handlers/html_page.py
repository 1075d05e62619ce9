"""What all pages have in common: what their scripts have to know, and their headers."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools import Logger
from pydantic import StringConstraints

from service_kit.http import FromHeader, HttpResponse
from service_kit.parameters import FromParameter
from service_kit.settings import load_settings
from web import wiring
from web.handlers.origins import origin_of
from web.settings import PageSettings

logger = Logger()

EMULATORS_CODES = {"signUp": "123456", "reset": "654321"}
"""The codes that MiniStack accepts, since it sends no mail. Cognito has no endpoint without TLS."""

UserPoolId = Annotated[str, FromParameter("userPoolId", service="auth")]
WebClientId = Annotated[str, FromParameter("webClientId", service="auth")]
RestaurantsUrl = Annotated[str, FromParameter("serviceUrl", service="restaurants")]
OrdersUrl = Annotated[str, FromParameter("serviceUrl", service="orders")]
NotificationsUrl = Annotated[str, FromParameter("serviceUrl", service="notifications")]
LiveUrl = Annotated[str, FromParameter("liveUrl", service="notifications")]
PathBelowRoot = Annotated[str, StringConstraints(pattern=r"^/[a-z]{1,20}$")]
ApisBelow = Annotated[PathBelowRoot | None, FromHeader("Big-Mouth-Apis-Below")]
"""The path below which the host of the page has the services' APIs; only an edge sends it."""


def html_page(
    render: Callable[..., str],
    *,
    user_pool_id: str,
    web_client_id: str,
    restaurants_url: str,
    orders_url: str,
    notifications_url: str,
    live_url: str,
    apis_below: str | None,
    **context: Any,
) -> HttpResponse:
    """Return a page that loads only this service's own files and calls only the services and Cognito.

    Args:
        render: Renders the page from its context, this service's URL as `base_url`, what the page's script
            has to know as `client`, and `hashed`, which returns the URL of a file with its hash.
        user_pool_id: The user pool that people sign in to.
        web_client_id: The pool's client for pages.
        restaurants_url: The root URL of restaurants.
        orders_url: The root URL of orders.
        notifications_url: The root URL of notifications.
        live_url: Where pages connect to hear of changes.
        apis_below: The path of all APIs on the page's own host, if it has them.
        context: What the page shows.
    """
    settings = load_settings(PageSettings)
    # Behind an edge all URLs are paths of the host that the page came from.
    base_url = "" if apis_below else settings.service_url
    apis = {"restaurants": restaurants_url, "orders": orders_url, "notifications": notifications_url}
    client = {
        "region": settings.aws_region,
        "userPoolId": user_pool_id,
        "webClientId": web_client_id,
        "cognitoEndpoint": settings.cognito_endpoint,
        "webUrl": base_url,
        **{
            f"{name}Url": f"{apis_below}/{name}" if apis_below else url.rstrip("/")
            for name, url in apis.items()
        },
        "legal": {
            document.name: document.current.number
            for document in wiring.legal_documents().all()
            if document.least_accepted
        },
    }
    if settings.cognito_endpoint.startswith("http://"):
        client["codes"] = EMULATORS_CODES
    return HttpResponse(
        body=render(
            base_url=base_url,
            hashed=hashed(base_url),
            client=client,
            **context,
        ),
        content_type="text/html; charset=utf-8",
        headers=page_headers(
            base_url,
            connect_to=[
                # Its own texts.
                *([] if apis_below else [base_url, *apis.values()]),
                live_url,
                settings.cognito_endpoint,
            ],
            cache_control="no-cache",
        ),
    )


def hashed(base_url: str) -> Callable[[str], str]:
    """Return what gives pages the URL of a file with its hash."""
    return partial(wiring.assets().hashed, base_url)


def page_headers(base_url: str, *, connect_to: Collection[str], cache_control: str) -> dict[str, str]:
    """Return the headers of a page.

    Args:
        base_url: Where pages load files from, and where their forms lead to; empty for their own host.
        connect_to: URLs that their scripts call.
        cache_control: How long browsers may keep it.
    """
    return {
        "cache-control": cache_control,
        "content-security-policy": content_security_policy(base_url or None, connect_to=connect_to),
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }


def content_security_policy(
    base_url: str | None, *, connect_to: Collection[str], images_from: Collection[str] = ()
) -> str:
    """Return the policy of a page that loads only this service's own files and calls only some URLs.

    The page is also shown by another origin, that of restaurants, so its files are allowed by the host that
    they come from. A URL that has no plain origin is left out, whatever else the policy would say with it.

    Args:
        base_url: Where pages load files from, and where their forms lead to; None for their own host, whose
            APIs their scripts then may call.
        connect_to: URLs that their scripts call.
        images_from: Further sources of images, as the policy has them.
    """
    own = ["'self'"] if base_url is None else _origins([base_url]) or ["'none'"]
    called = [*(own if base_url is None else []), *_origins(connect_to)]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src", *own]),
            " ".join(["style-src", *own]),
            " ".join(["img-src", *own, *images_from]),
            " ".join(["connect-src", *(called or ["'none'"])]),
            "base-uri 'none'",
            " ".join(["form-action", *own]),
            "frame-ancestors 'none'",
        ]
    )


def _origins(urls: Collection[str]) -> list[str]:
    found = {url: origin_of(url) for url in urls}
    if None in found.values():
        logger.error("a URL of the page has no plain origin")
    return sorted({origin for origin in found.values() if origin})
