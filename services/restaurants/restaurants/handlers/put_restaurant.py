"""PUT /restaurants/{name}."""

from pydantic import BaseModel, Field

from restaurants import wiring
from restaurants.domain.errors import RestaurantChangedError, RestaurantNotAsExpectedError
from restaurants.domain.models import Restaurant
from restaurants.handlers.restaurant import (
    IfMatch,
    ImagePath,
    NameInPath,
    RestaurantView,
    Theme,
    expectation,
    tagged_view,
)
from service_kit.http import Conflict, HttpResponse, PreconditionFailed, http_handler


class RestaurantDetails(BaseModel):
    """What an admin says of a restaurant."""

    image: ImagePath
    themes: list[Theme] = Field(max_length=10)


@http_handler(
    group="restaurant-admins",
    errors={RestaurantChangedError: Conflict, RestaurantNotAsExpectedError: PreconditionFailed},
    uses=(wiring.catalogue,),
    response_headers=["ETag"],
)
def handle(
    name: NameInPath, body: RestaurantDetails, if_match: IfMatch = None
) -> HttpResponse[RestaurantView]:
    """Add or replace a restaurant; with `If-Match`, replace it only if it has that tag."""
    restaurant = Restaurant(name=name, image=body.image, themes=tuple(body.themes))
    wiring.catalogue().put(restaurant, expects=expectation(if_match))
    return tagged_view(restaurant)
