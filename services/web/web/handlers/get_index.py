"""GET /: the landing page."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from pydantic import BaseModel

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


class IndexQuery(BaseModel):
    """What to search for, passed on as it is; without any of it, the page shows those of the day."""

    text: str = ""
    theme: str = ""
    cursor: str = ""


@http_handler(answers={200: ["text/html"]}, uses=(wiring.landing_page, wiring.assets, wiring.legal_documents))
def handle(
    *,
    query: IndexQuery,
    user_pool_id: UserPoolId,
    web_client_id: WebClientId,
    restaurants_url: RestaurantsUrl,
    orders_url: OrdersUrl,
    notifications_url: NotificationsUrl,
    live_url: LiveUrl,
    apis_below: ApisBelow = None,
) -> HttpResponse:
    """Return the page with the restaurants that were asked for, rendered."""
    landing_page = wiring.landing_page()
    wanted = {name: value for name, value in query if value}
    # An empty search, as its form sends it, asks for all restaurants.
    is_search = bool(query.model_fields_set)
    found = (
        landing_page.find_restaurants(restaurants_url, wanted)
        if is_search
        else landing_page.restaurants_of_the_day(restaurants_url)
    )
    restaurants = [] if found is None else found.restaurants
    return html_page(
        landing_page.render,
        user_pool_id=user_pool_id,
        web_client_id=web_client_id,
        restaurants_url=restaurants_url,
        orders_url=orders_url,
        notifications_url=notifications_url,
        live_url=live_url,
        apis_below=apis_below,
        is_search=is_search,
        is_understood=found is not None,
        next_page=None
        if found is None or found.next_cursor is None
        else urlencode(wanted | {"cursor": found.next_cursor}),
        query=query,
        restaurants=restaurants,
        day=f"{datetime.now(UTC):%A}",
        themes=sorted({theme for restaurant in restaurants for theme in restaurant["themes"]}),
    )
