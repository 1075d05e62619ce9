"""Request models, as API Gateway takes them."""

from typing import Annotated, Any, Literal

import jsonschema
import pytest
from pydantic import BaseModel, ConfigDict, Field

from devtools.contracts import request_models
from stagectl.errors import StacksError


class Seat(BaseModel):
    model_config = ConfigDict(extra="forbid")

    row: Literal["A"]
    number: int = Field(gt=0, lt=100)


class Booking(BaseModel):
    """Seats of a show."""

    seats: list[Seat]
    const: str = Field(default="x", examples=["of a field with the name of a keyword"], deprecated=True)
    price: float | None = Field(default=None, ge=0)


MODEL = request_models.of(Booking.model_json_schema())


def test_it_has_only_keywords_of_its_draft() -> None:
    jsonschema.Draft4Validator.check_schema(MODEL)

    assert MODEL["definitions"]["Seat"]["properties"] == {
        "row": {"enum": ["A"], "type": "string"},
        "number": {
            "minimum": 0,
            "exclusiveMinimum": True,
            "maximum": 100,
            "exclusiveMaximum": True,
            "type": "integer",
        },
    }
    assert MODEL["properties"]["const"] == {"type": "string"}
    assert MODEL["properties"]["seats"]["items"] == {"$ref": "#/definitions/Seat"}


@pytest.mark.parametrize(
    ("body", "is_valid"),
    [
        ({"seats": [{"row": "A", "number": 1}]}, True),
        ({"seats": [{"row": "A", "number": 99}], "price": None}, True),
        ({"seats": [{"row": "A", "number": 0}]}, False),
        ({"seats": [{"row": "A", "number": 100}]}, False),
        ({"seats": [{"row": "B", "number": 1}]}, False),
        ({"seats": [{"row": "A", "number": 1, "name": "x"}]}, False),
    ],
)
def test_it_takes_the_bodies_that_the_schema_takes(body: Any, is_valid: bool) -> None:
    assert jsonschema.Draft4Validator(MODEL).is_valid(body) is is_valid


def test_what_its_draft_cannot_say_is_refused_by_name() -> None:
    class Pair(BaseModel):
        pair: Annotated[tuple[int, str], Field()]

    with pytest.raises(StacksError, match="keyword prefixItems"):
        request_models.of(Pair.model_json_schema())
