"""GET /docs: what the APIs take and answer."""

from service_kit.http import HttpResponse, http_handler
from service_kit.settings import load_settings
from web import wiring
from web.handlers.html_page import (
    ApisBelow,
    NotificationsUrl,
    OrdersUrl,
    RestaurantsUrl,
    content_security_policy,
)
from web.settings import DocsSettings

# The viewer's style has its icons in it.
_ICONS = "data:"


@http_handler(answers={200: ["text/html"], 303: []}, uses=(wiring.docs_page, wiring.assets))
def handle(
    *,
    restaurants_url: RestaurantsUrl,
    orders_url: OrdersUrl,
    notifications_url: NotificationsUrl,
    apis_below: ApisBelow = None,
) -> HttpResponse:
    """Return the page that describes the APIs of this stage, or lead to the landing page where it is off."""
    settings = load_settings(DocsSettings)
    base_url = "" if apis_below else settings.service_url
    if not settings.api_docs:
        return HttpResponse(status=303, headers={"location": f"{base_url}/", "cache-control": "no-store"})
    servers = {
        "notifications": notifications_url,
        "orders": orders_url,
        "restaurants": restaurants_url,
        "web": base_url,
    }
    policy = content_security_policy(
        base_url or None, connect_to=[] if apis_below else list(servers.values()), images_from=[_ICONS]
    )
    return HttpResponse(
        body=wiring.docs_page().render(
            servers={service: below(apis_below, service, url) for service, url in servers.items()},
            icon=wiring.assets().hashed(base_url, f"{base_url}/assets/favicon.svg"),
            script=f"{base_url}/{wiring.docs_files()['assets/docs.js']}",
            style=f"{base_url}/{wiring.docs_files()['assets/docs.css']}",
        ),
        content_type="text/html; charset=utf-8",
        headers={"cache-control": "no-cache", "content-security-policy": policy},
    )


def below(apis_below: str | None, service: str, url: str) -> str:
    """Return where a page calls a service: by its URL, or on the page's own host behind an edge."""
    if apis_below is None:
        return url.rstrip("/")
    return f"{apis_below}/{service}" if service != "web" else "/"
