"""GET /restaurants/{name}/staff/{email}, for other services."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from restaurants import wiring
from restaurants.domain.errors import NotStaffError
from restaurants.handlers.restaurant import NameInPath
from restaurants.handlers.staff import EmailInPath
from service_kit.http import NotFound, http_handler


class StaffMemberView(BaseModel):
    """A person who may answer the orders of a restaurant."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    restaurant_name: str
    email: str


@http_handler(errors={NotStaffError: NotFound}, uses=(wiring.staff,))
def handle(name: NameInPath, email: EmailInPath) -> StaffMemberView:
    """Return a member of the staff of a restaurant."""
    if wiring.staff().find(name, email) is None:
        raise NotStaffError(email, name)
    return StaffMemberView(restaurant_name=name, email=email)
