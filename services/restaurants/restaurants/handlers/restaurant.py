"""A restaurant as callers name it and see it; what is stored has passed here, and is not checked again."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints
from pydantic_core import PydanticCustomError

from restaurants.domain.models import Restaurant
from restaurants.settings import CatalogueSettings
from service_kit.http import FromPath
from service_kit.names import PATH_SEGMENT, VISIBLE_TEXT
from service_kit.settings import load_settings

RESERVED = frozenset({"search", "submissions"})
"""Names that stand for other routes in a path."""


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise PydanticCustomError("reserved", "Input should be another name: this one is reserved")
    return name


Theme = Annotated[str, StringConstraints(min_length=1, max_length=60), VISIBLE_TEXT]
RestaurantName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    VISIBLE_TEXT,
    PATH_SEGMENT,
    AfterValidator(_not_reserved),
]
ImagePath = Annotated[str, StringConstraints(pattern=r"^assets/images/[a-z0-9-]{1,60}\.svg$")]
NameInPath = Annotated[RestaurantName, FromPath()]


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
