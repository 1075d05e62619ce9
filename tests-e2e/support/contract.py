"""What every service's callers rely on, written independently of the services' models.

Strict and closed: a missing, misspelt or additional member, or another type, fails.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """Base of all shapes."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class FieldFault(Contract):
    """What is wrong with one field."""

    location: Literal["body", "query", "path", "header"]
    field: str
    message: str


class Problem(BaseModel):
    """An error, after RFC 9457; it may have further members.

    An answer of API Gateway itself has no status in its body where several are possible.
    """

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    type: str
    title: str
    status: int | None = None
    requestId: str  # noqa: N815, as callers see it
    detail: str | None = None
    errors: list[FieldFault] = []
