"""GET /restaurants/submissions."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from restaurants import wiring
from restaurants.handlers.pages import INVALID_CURSOR
from restaurants.handlers.submission import SubmissionView, view
from restaurants.settings import SubmissionPageSettings
from service_kit.cursors import InvalidCursor, make_cursor, read_cursor
from service_kit.http import Caller, Forbidden, http_handler
from service_kit.settings import load_settings

REVIEWERS = "restaurant-admins"


def _is_place(cursor: str) -> str:
    try:
        read_cursor(cursor, parts=2)
    except InvalidCursor:
        raise PydanticCustomError("cursor", INVALID_CURSOR) from None
    return cursor


class SubmissionsQuery(BaseModel):
    """Whose submissions: the caller's own, or with `state=pending` all that wait for a review."""

    state: Literal["pending"] | None = None
    cursor: Annotated[str, StringConstraints(max_length=500), AfterValidator(_is_place)] | None = None


class SubmissionList(BaseModel):
    """A page of submissions."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    submissions: list[SubmissionView]
    next_cursor: str | None


@http_handler(errors={PermissionError: Forbidden}, uses=(wiring.submissions,))
def handle(query: SubmissionsQuery, caller: Caller) -> SubmissionList:
    """Return a page of the caller's submissions, newest first, or for reviewers of all that wait."""
    after = None if query.cursor is None else read_cursor(query.cursor, parts=2)
    count = load_settings(SubmissionPageSettings).page_size
    if query.state is None:
        page = wiring.submissions().of_customer(caller.user_id, after=after, count=count)
    elif REVIEWERS in caller.groups:
        page = wiring.submissions().pending(after=after, count=count)
    else:
        raise PermissionError(f"Only members of {REVIEWERS} may see the submissions of others.")
    return SubmissionList(
        submissions=[view(one) for one in page.submissions],
        next_cursor=None if page.last is None else make_cursor(*page.last),
    )
