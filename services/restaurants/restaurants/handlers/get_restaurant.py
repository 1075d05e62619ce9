"""GET /restaurants/{name}."""

from restaurants import wiring
from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.get_restaurant import get_restaurant
from restaurants.handlers.paths import RestaurantPath
from restaurants.handlers.views import RestaurantView, view
from service_kit.http import HttpRequest, http_handler
from service_kit.problems import NotFound
from service_kit.snapshots import before_snapshot


@http_handler(path=RestaurantPath, response=RestaurantView, errors={RestaurantNotFoundError: NotFound})
def handle(request: HttpRequest[None, None, RestaurantPath]) -> RestaurantView:
    """Answer one restaurant."""
    return view(get_restaurant(wiring.catalogue(), name=request.path.name))


before_snapshot(wiring.catalogue)
