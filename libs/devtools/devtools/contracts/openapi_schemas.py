"""Models as the schemas of an OpenAPI document."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from devtools.contracts.schema_text import without_titles
from stagectl.errors import StacksError

Mode = Literal["validation", "serialization"]

_PLACE = "#/components/schemas/{model}"
_NOTHING = {"type": "null"}


@dataclass(frozen=True)
class Member:
    """One parameter of a request, out of a model of several.

    Attributes:
        schema: What it may be.
        is_required: Whether a request has to have it.
    """

    schema: dict[str, Any]
    is_required: bool


class Schemas:
    """Collects the schemas that a document's operations share.

    Attributes:
        by_name: The schemas by the names of their models.
    """

    def __init__(self) -> None:
        self.by_name: dict[str, Any] = {}

    def named(self, type_: Any, mode: Mode, *, name: str | None = None) -> dict[str, Any]:
        """Return the schema of a type: for a model a reference to it, after its own name or the one given.

        Raises:
            StacksError: another model of the service has that name.
        """
        schema = self._inline(type_, mode)
        if not (isinstance(type_, type) and issubclass(type_, BaseModel)):
            return schema
        name = name or type_.__name__
        self._add(name, schema)
        return {"$ref": _PLACE.format(model=name)}

    def members(self, model: type[BaseModel] | None) -> dict[str, Member]:
        """Return the members of a model as parameters: one that may be None is one that may be left out.

        Raises:
            StacksError: another model of the service has the name of one that a member refers to.
        """
        if model is None:
            return {}
        schema = self._inline(model, "validation")
        required = schema.get("required", [])
        return {
            name: Member(_never_null(member), name in required)
            for name, member in schema.get("properties", {}).items()
        }

    def _inline(self, type_: Any, mode: Mode) -> dict[str, Any]:
        written = TypeAdapter(type_).json_schema(mode=mode, ref_template=_PLACE)
        schema: dict[str, Any] = without_titles(written)
        for name, definition in schema.pop("$defs", {}).items():
            self._add(name, definition)
        return schema

    def _add(self, name: str, schema: dict[str, Any]) -> None:
        if self.by_name.setdefault(name, schema) != schema:
            raise StacksError(f"Two models of the service are called {name}. Rename one.")


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    alternatives: list[dict[str, Any]] = [one for one in schema.get("anyOf", []) if one != _NOTHING]
    if len(alternatives) != 1:
        return schema
    return {name: value for name, value in schema.items() if name != "anyOf"} | alternatives[0]
