"""PUT /restaurants/{name}."""

from pydantic import BaseModel, Field

from restaurants import wiring
from restaurants.domain.errors import RestaurantChangedError
from restaurants.domain.models import Restaurant
from restaurants.handlers.names import ImagePath, Theme
from restaurants.handlers.paths import RestaurantPath
from restaurants.handlers.views import RestaurantView, view
from service_kit.http import HttpRequest, http_handler
from service_kit.problems import Conflict


class RestaurantDetails(BaseModel):
    """What an admin says of a restaurant."""

    image: ImagePath
    themes: list[Theme] = Field(max_length=10)


@http_handler(
    group="restaurant-admins",
    body=RestaurantDetails,
    path=RestaurantPath,
    response=RestaurantView,
    errors={RestaurantChangedError: Conflict},
)
def handle(request: HttpRequest[RestaurantDetails, None, RestaurantPath]) -> RestaurantView:
    """Add or replace a restaurant."""
    restaurant = Restaurant(
        name=request.path.name, image=request.body.image, themes=tuple(request.body.themes)
    )
    wiring.catalogue().put(restaurant)
    return view(restaurant)
