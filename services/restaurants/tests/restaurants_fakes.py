"""The catalogue, in memory."""

from restaurants.domain.errors import RestaurantChangedError
from restaurants.domain.models import Restaurant, theme_key


def restaurant(name: str, *themes: str, image: str = "fangtasia") -> Restaurant:
    """Give a restaurant with these themes."""
    return Restaurant(name=name, image=f"assets/images/{image}.svg", themes=themes)


class FakeCatalogue:
    """A catalogue in a dictionary, which somebody else may change at the same time."""

    def __init__(self, *restaurants: Restaurant) -> None:
        self.by_name = {restaurant.name: restaurant for restaurant in restaurants}
        self.is_changed_meanwhile = False

    def first(self, count: int) -> list[Restaurant]:
        return [self.by_name[name] for name in sorted(self.by_name)][:count]

    def with_theme(self, theme: str, count: int) -> list[Restaurant]:
        everything = self.first(len(self.by_name))
        return [found for found in everything if theme in map(theme_key, found.themes)][:count]

    def find(self, name: str) -> Restaurant | None:
        return self.by_name.get(name)

    def put(self, restaurant: Restaurant) -> None:
        if self.is_changed_meanwhile:
            raise RestaurantChangedError(restaurant.name)
        self.by_name[restaurant.name] = restaurant

    def remove(self, name: str) -> bool:
        if self.is_changed_meanwhile:
            raise RestaurantChangedError(name)
        return self.by_name.pop(name, None) is not None
