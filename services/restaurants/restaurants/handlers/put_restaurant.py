"""PUT /restaurants/{name}."""

from pydantic import BaseModel, Field

from restaurants import wiring
from restaurants.domain.errors import RestaurantChangedError
from restaurants.domain.models import Restaurant
from restaurants.handlers.restaurant import ImagePath, NameInPath, RestaurantView, Theme, view
from service_kit.http import Conflict, http_handler


class RestaurantDetails(BaseModel):
    """What an admin says of a restaurant."""

    image: ImagePath
    themes: list[Theme] = Field(max_length=10)


@http_handler(group="restaurant-admins", errors={RestaurantChangedError: Conflict}, uses=(wiring.catalogue,))
def handle(name: NameInPath, body: RestaurantDetails) -> RestaurantView:
    """Add or replace a restaurant."""
    restaurant = Restaurant(name=name, image=body.image, themes=tuple(body.themes))
    wiring.catalogue().put(restaurant)
    return view(restaurant)
