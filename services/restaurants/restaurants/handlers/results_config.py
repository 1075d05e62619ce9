"""The dynamic configuration of the functions that answer with many restaurants."""

from pydantic import BaseModel, ConfigDict, Field

from restaurants.settings import max_count
from service_kit.parameters import Config


class ResultsConfig(BaseModel):
    """How many restaurants an answer holds when the caller does not say."""

    model_config = ConfigDict(extra="ignore")

    default_results: int = Field(alias="defaultResults", ge=1)


def results(count: int | None, config: Config[ResultsConfig]) -> int:
    """Give the number of restaurants to answer with; an operator's default cannot lift it over the quota."""
    return count if count is not None else min(config.get().default_results, max_count())
