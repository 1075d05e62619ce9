"""How a restaurant is shown to callers."""

from pydantic import BaseModel

from restaurants.domain.models import Restaurant
from restaurants.settings import CatalogueSettings
from service_kit.settings import load_settings


class RestaurantView(BaseModel):
    """A restaurant, with its image as a URL that a browser can load."""

    name: str
    image: str
    themes: list[str]


def view(restaurant: Restaurant) -> RestaurantView:
    """Show one restaurant."""
    service_url = load_settings(CatalogueSettings).service_url
    return RestaurantView(
        name=restaurant.name, image=f"{service_url}/{restaurant.image}", themes=list(restaurant.themes)
    )
