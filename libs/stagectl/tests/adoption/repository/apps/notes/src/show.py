"""A handler of service_kit."""

from typing import Annotated

from pydantic import BaseModel

from service_kit.http import FromPath, http_handler


class Note(BaseModel):
    """A note."""

    id: str


@http_handler()
def handle(note_id: Annotated[str, FromPath("id")]) -> Note:
    """Return the note that was asked for."""
    return Note(id=note_id)
