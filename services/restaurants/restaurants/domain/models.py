"""Restaurants."""

from typing import Annotated, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Theme = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


def _can_be_a_path_segment(name: str) -> str:
    """Refuse names that mean another place in a path, where nobody could look them up."""
    if name in {".", ".."}:
        raise ValueError("should be more than dots")
    return name


RestaurantName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^/\x00-\x1f]+$"),
    AfterValidator(_can_be_a_path_segment),
]
ImagePath = Annotated[str, StringConstraints(pattern=r"^assets/images/[a-z0-9-]{1,60}\.svg$")]


class Restaurant(BaseModel):
    """A restaurant of the catalogue; `image` is a path below the service's URL."""

    model_config = ConfigDict(frozen=True)

    name: RestaurantName
    image: ImagePath
    themes: tuple[Theme, ...] = Field(max_length=10)


class Catalogue(Protocol):
    """All restaurants, however they are kept."""

    def first(self, count: int) -> list[Restaurant]:
        """Give the first `count` restaurants by name."""

    def with_theme(self, theme: str, count: int) -> list[Restaurant]:
        """Give the first `count` restaurants of a theme by name."""

    def find(self, name: str) -> Restaurant | None:
        """Give one restaurant, or None when there is none of that name."""

    def put(self, restaurant: Restaurant) -> None:
        """Add the restaurant, or replace the one of the same name.

        Raises:
            RestaurantChangedError: somebody else changed it at the same time.
        """

    def remove(self, name: str) -> bool:
        """Remove a restaurant; False when there is none of that name.

        Raises:
            RestaurantChangedError: somebody else changed it at the same time.
        """


def theme_key(theme: str) -> str:
    """Give the form in which themes are compared: case and spaces around it do not matter."""
    return " ".join(theme.split()).casefold()
