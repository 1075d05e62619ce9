"""GET /: the landing page."""

from datetime import UTC, datetime

from restaurants import wiring
from restaurants.handlers.html_page import OrdersUrl, UserPoolId, WebClientId, html_page
from service_kit.http import HttpResponse, http_handler


@http_handler(answers={200: ["text/html"]}, uses=(wiring.landing_page,))
def handle(user_pool_id: UserPoolId, web_client_id: WebClientId, orders_url: OrdersUrl) -> HttpResponse:
    """Return the restaurants of the day, rendered, and what the page's script has to know."""
    landing_page = wiring.landing_page()
    restaurants = landing_page.fetch_restaurants()
    return html_page(
        landing_page.render,
        user_pool_id=user_pool_id,
        web_client_id=web_client_id,
        orders_url=orders_url,
        restaurants=restaurants,
        day=f"{datetime.now(UTC):%A}",
        themes=sorted({theme for restaurant in restaurants for theme in restaurant["themes"]}),
    )
