"""How many restaurants an answer holds: as many as the caller asks for, or as many as operators say."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from restaurants.settings import max_count
from service_kit.parameters import Config


def _within_quota(count: int) -> int:
    """Name both bounds, whichever was passed."""
    if not 1 <= count <= max_count():
        raise PydanticCustomError(
            "count", "Input should be from 1 to {max_count}", {"max_count": max_count()}
        )
    return count


Count = Annotated[
    int,
    AfterValidator(_within_quota),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": max_count()}),
]


class ResultsConfig(BaseModel):
    """The dynamic configuration: how many restaurants an answer holds when the caller does not say."""

    default_results: int = Field(default=8, alias="defaultResults", ge=1)


def results(count: int | None, config: Config[ResultsConfig]) -> int:
    """Give the number of restaurants to answer with; an operator's default cannot lift it over the quota."""
    return count if count is not None else min(config.get().default_results, max_count())
