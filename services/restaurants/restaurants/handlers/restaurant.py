"""A restaurant as callers name it and see it; what is stored has passed here, and is not checked again."""

import hashlib
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from restaurants.domain.models import Expectation, Restaurant
from restaurants.settings import CatalogueSettings
from service_kit.http import FromHeader, FromPath, HttpResponse, is_current
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
ImagePath = Annotated[
    str,
    StringConstraints(pattern=r"^assets/images/[a-z0-9-]{1,60}\.svg$"),
    Field(examples=["assets/images/new-restaurant.svg"]),
]
NameInPath = Annotated[RestaurantName, FromPath()]
IfMatch = Annotated[Annotated[str, StringConstraints(max_length=1_000)] | None, FromHeader()]


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


def tagged_view(restaurant: Restaurant) -> HttpResponse[RestaurantView]:
    """Show one restaurant, with the tag by which it can be changed."""
    return HttpResponse(body=view(restaurant), headers={"etag": _tag(restaurant)})


def expectation(if_match: str | None) -> Expectation | None:
    """Return what `If-Match` says that the restaurant is; None when it was not sent."""
    if if_match is None:
        return None
    return lambda found: is_current(if_match, None if found is None else _tag(found))


def _tag(restaurant: Restaurant) -> str:
    # Of its content, so that nothing more has to be stored: one that is changed back is what it was.
    return f'"{hashlib.sha256(restaurant.model_dump_json().encode()).hexdigest()[:32]}"'
