"""GET /restaurant: the page on which the staff of restaurants answer orders."""

from service_kit.http import HttpResponse, http_handler
from web import wiring
from web.handlers.html_page import (
    ApisBelow,
    LiveUrl,
    NotificationsUrl,
    OrdersUrl,
    RestaurantsUrl,
    UserPoolId,
    WebClientId,
    html_page,
)


@http_handler(
    answers={200: ["text/html"]}, uses=(wiring.restaurant_page, wiring.assets, wiring.legal_documents)
)
def handle(
    *,
    user_pool_id: UserPoolId,
    web_client_id: WebClientId,
    restaurants_url: RestaurantsUrl,
    orders_url: OrdersUrl,
    notifications_url: NotificationsUrl,
    live_url: LiveUrl,
    apis_below: ApisBelow = None,
) -> HttpResponse:
    """Return the page without any order: its script asks for them as the person who has signed in."""
    return html_page(
        wiring.restaurant_page().render,
        user_pool_id=user_pool_id,
        web_client_id=web_client_id,
        restaurants_url=restaurants_url,
        orders_url=orders_url,
        notifications_url=notifications_url,
        live_url=live_url,
        apis_below=apis_below,
    )
