"""What stands in the paths of this service's routes."""

from pydantic import BaseModel

from restaurants.handlers.names import RestaurantName


class RestaurantPath(BaseModel):
    """`/restaurants/{name}`."""

    name: RestaurantName
