"""PUT /restaurants/{name}/staff/{email}."""

from datetime import UTC, datetime

from restaurants import wiring
from restaurants.domain.errors import RestaurantChangedError, RestaurantNotFoundError
from restaurants.domain.models import StaffMember
from restaurants.handlers.restaurant import NameInPath
from restaurants.handlers.staff import EmailInPath
from service_kit.http import Conflict, NotFound, http_handler


@http_handler(
    group="restaurant-admins",
    errors={RestaurantNotFoundError: NotFound, RestaurantChangedError: Conflict},
    uses=(wiring.staff,),
)
def handle(name: NameInPath, email: EmailInPath) -> None:
    """Let a person answer the orders of a restaurant."""
    wiring.staff().add(name, StaffMember(email=email, since=datetime.now(UTC)))
