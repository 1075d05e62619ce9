"""GET /restaurant: the page on which the staff of restaurants answer orders."""

from restaurants import wiring
from restaurants.handlers.html_page import (
    LiveUrl,
    NotificationsUrl,
    OrdersUrl,
    UserPoolId,
    WebClientId,
    html_page,
)
from service_kit.http import HttpResponse, http_handler


@http_handler(answers={200: ["text/html"]}, uses=(wiring.restaurant_page, wiring.assets))
def handle(
    *,
    user_pool_id: UserPoolId,
    web_client_id: WebClientId,
    orders_url: OrdersUrl,
    notifications_url: NotificationsUrl,
    live_url: LiveUrl,
) -> HttpResponse:
    """Return the page without any order: its script asks for them as the person who has signed in."""
    return html_page(
        wiring.restaurant_page().render,
        user_pool_id=user_pool_id,
        web_client_id=web_client_id,
        orders_url=orders_url,
        notifications_url=notifications_url,
        live_url=live_url,
    )
