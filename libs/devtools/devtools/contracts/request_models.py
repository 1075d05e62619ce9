"""Request models of API Gateway, which are written in draft 4 of JSON Schema."""

from collections.abc import Mapping
from typing import Any

from devtools.contracts.schema_text import without_titles
from stagectl.errors import StacksError

_DRAFT = "http://json-schema.org/draft-04/schema#"
_KEYWORDS = frozenset(
    {
        *("$ref", "additionalItems", "additionalProperties", "allOf", "anyOf", "definitions", "dependencies"),
        *("description", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems"),
        *("maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum"),
        *("multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties", "required", "type"),
        "uniqueItems",
    }
)
"""API Gateway refuses a model with any other keyword: "Unsupported keyword(s)"."""

_OF_NAMES = frozenset({"definitions", "dependencies", "patternProperties", "properties"})
_EXCLUSIVE = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}
_FOR_READERS = frozenset({"deprecated", "discriminator", "examples", "readOnly", "writeOnly"})


def of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request model of a schema that pydantic made.

    Raises:
        StacksError: Draft 4 has no words for it.
    """
    model: dict[str, Any] = _in_draft_4(without_titles(schema))
    return {"$schema": _DRAFT} | model


def _in_draft_4(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_in_draft_4(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _FOR_READERS:
            continue
        if keyword == "const":
            made["enum"] = [value]
        elif keyword in _EXCLUSIVE:
            made |= {_EXCLUSIVE[keyword]: value, keyword: True}
        elif keyword == "$ref":
            made["$ref"] = value.replace("#/$defs/", "#/definitions/")
        else:
            made |= _kept("definitions" if keyword == "$defs" else keyword, value)
    return made


def _kept(keyword: str, value: Any) -> dict[str, Any]:
    if keyword not in _KEYWORDS:
        raise StacksError(
            f"API Gateway has no request model with the keyword {keyword}: {value!r}. "
            "Use another type in the handler's body, or leave out `schemas` of the route."
        )
    if keyword in _OF_NAMES:
        return {keyword: {name: _in_draft_4(one) for name, one in value.items()}}
    return {keyword: value if keyword == "enum" else _in_draft_4(value)}
