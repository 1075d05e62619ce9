"""From an API Gateway REST proxy event to models, with every bad field named."""

from __future__ import annotations

import base64
import json
import math
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError

from service_kit._safe.validation import field_path
from service_kit.http._problems import BadRequest, FieldError, PayloadTooLarge
from service_kit.http._request import Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pydantic_core import ErrorDetails

__all__ = ["parse_body", "parse_headers", "parse_path", "parse_query"]

ModelT = TypeVar("ModelT", bound=BaseModel)

# What gateways put in the place of bytes that are no UTF-8, before a Lambda sees them.
_REPLACED = "\ufffd".encode()
_JSON_SPACE = " \t\n\r"
_MAX_ERRORS = 50
_MAX_FIELD_CHARS = 200
_MAX_NUMBER_CHARS = 100
_OBJECT = "Input should be an object"
_INVALID = "Input is not valid"
# In the place of what pydantic writes about regular expressions, classes and exceptions of the code.
_WORDS = {
    "string_pattern_mismatch": "Input should have the form that the API's documentation gives",
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "named_tuple_type": _INVALID,
    "is_instance_of": _INVALID,
    "is_subclass_of": _INVALID,
    "callable_type": _INVALID,
    "dataclass_exact_type": _INVALID,
    "get_attribute_error": _INVALID,
    "iteration_error": _INVALID,
    "no_such_attribute": _INVALID,
    "recursion_loop": _INVALID,
}


def parse_body(model: type[ModelT], event: dict[str, Any], *, max_bytes: int) -> ModelT:
    """Parse the JSON body of a request, whatever its content type says.

    Stricter than JSON parsers are by default: duplicate keys, `NaN`, `Infinity` and numbers that no float
    holds are refused, so that what was validated is what every reader of the same bytes would see.

    Raises:
        PayloadTooLarge: When the body has more than `max_bytes` bytes, after base64.
        BadRequest: When it is missing, no JSON object, or does not fit.
    """
    content = _content(event, max_bytes)
    if _REPLACED in content:
        raise _bad_body("Input should be UTF-8 text")
    try:
        # As text: given bytes, the parser would also take UTF-16 and UTF-32.
        text = content.decode().strip(_JSON_SPACE)
        document, end = _strict_parser.raw_decode(text)
    except _BodyError as error:
        raise error.bad_request from None
    except RecursionError:
        raise _bad_body("Input should be nested less deeply") from None
    except ValueError:
        raise _bad_body("Input should be JSON") from None
    if end != len(text):
        raise _bad_body("Input should be JSON")
    if not isinstance(document, dict):
        raise _bad_body("Input should be a JSON object")
    # The text again, and not the document: strict models read JSON's types only from JSON.
    return _validated("body", model, document, partial(model.model_validate_json, content))


def parse_query(model: type[ModelT], event: dict[str, Any]) -> ModelT:
    """Parse the query parameters of a request.

    Raises:
        BadRequest: When a parameter stands there twice, or does not fit.
    """
    repeated = [
        FieldError("query", _shortened(name), "Input should be given only once")
        for name, values in (event.get("multiValueQueryStringParameters") or {}).items()
        if len(values) > 1
    ]
    if repeated:
        raise BadRequest(errors=repeated[:_MAX_ERRORS])
    return _from_texts("query", model, event.get("queryStringParameters") or {})


def parse_path(model: type[ModelT], event: dict[str, Any]) -> ModelT:
    """Parse the path parameters of a request.

    API Gateway hands them over percent-encoded, as they were sent.

    Raises:
        BadRequest: When a parameter is not UTF-8 once decoded, or does not fit.
    """
    given: dict[str, str] = event.get("pathParameters") or {}
    return _from_texts("path", model, {name: _decoded(name, value) for name, value in given.items()})


def parse_headers(model: type[ModelT], event: dict[str, Any]) -> ModelT:
    """Parse those headers of a request that a model names, whatever the case of their names.

    Raises:
        BadRequest: When a header does not fit.
    """
    given = Headers(event.get("headers"))
    names = [field.alias or name for name, field in model.model_fields.items()]
    return _from_texts("header", model, {name: given[name] for name in names if name in given})


class _BodyError(ValueError):
    """Carries a finding out of the JSON parser."""

    def __init__(self, message: str, field: str = "") -> None:
        self.bad_request = _bad_body(message, field)


def _content(event: dict[str, Any], max_bytes: int) -> bytes:
    text = event.get("body")
    if not text:
        raise _bad_body("Field required")
    try:
        if event.get("isBase64Encoded"):
            content = base64.b64decode(text, validate=True)
            content.decode()
        else:
            content = text.encode()
    except ValueError:
        raise _bad_body("Input should be UTF-8 text") from None
    if len(content) > max_bytes:
        raise PayloadTooLarge(f"The body has {len(content)} bytes; at most {max_bytes} are read.")
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _BodyError("Input should be given only once", _shortened(name))
            seen.add(name)
    return members


def _no_constant(name: str) -> Any:
    raise _BodyError(f"Input should be JSON, which has no {name}")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _BodyError("Input should have smaller numbers")
    return value


def _int(text: str) -> int:
    if len(text) > _MAX_NUMBER_CHARS:
        raise _BodyError("Input should have smaller numbers")
    return int(text)


# Made once: `json.loads` would make one for each body.
_strict_parser = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_float, parse_int=_int
)


def _decoded(name: str, value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise BadRequest(errors=[FieldError("path", name, "Input should be UTF-8 text")]) from None


def _from_texts(location: str, model: type[ModelT], given: dict[str, str]) -> ModelT:
    # pydantic does not look for lone surrogates here, and no answer or item can hold them.
    broken = [name for name, value in given.items() if not _is_unicode(name + value)]
    if broken:
        raise BadRequest(
            errors=[FieldError(location, _shortened(name), "Input should be UTF-8 text") for name in broken]
        )
    return _validated(location, model, given, partial(model.model_validate_strings, given))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _validated(
    location: str, model: type[ModelT], given: Collection[str], validate: Callable[..., ModelT]
) -> ModelT:
    """Validate by the names that the API has, although models are also made by those that Python has."""
    renamed = _renamed(model)
    faults = [
        FieldError(location, name, f"Unknown field: write {renamed[name]}")
        for name in given
        if name in renamed
    ]
    try:
        validated = validate(by_alias=True, by_name=False)
    except ValidationError as error:
        faults += [
            FieldError(location, _shortened(field_path(fault["loc"])), _message(fault))
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    if faults:
        raise BadRequest(errors=faults[:_MAX_ERRORS])
    return validated


@cache
def _renamed(model: type[BaseModel]) -> dict[str, Any]:
    """Return the names that the API has for the fields of which Python has others."""
    names = {field: info.validation_alias for field, info in model.model_fields.items()}
    return {field: name for field, name in names.items() if name is not None and name != field}


def _message(fault: ErrorDetails) -> str:
    words = _WORDS.get(fault["type"])
    return words or fault["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _bad_body(message: str, field: str = "") -> BadRequest:
    return BadRequest(errors=[FieldError("body", field, message)])


def _shortened(field: str) -> str:
    return field[:_MAX_FIELD_CHARS]
