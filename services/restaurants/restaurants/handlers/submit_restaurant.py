"""POST /restaurants/submissions."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from restaurants import wiring
from restaurants.domain.errors import (
    EmailNotVerifiedError,
    RestaurantExistsError,
    SubmissionPendingError,
)
from restaurants.domain.models import Restaurant
from restaurants.domain.submissions import SubmissionState
from restaurants.domain.submit_restaurant import submit_restaurant
from restaurants.handlers.restaurant import ImagePath, RestaurantName, Theme
from service_kit.http import Caller, Conflict, Forbidden, http_handler
from service_kit.parameters import FromParameter


class SubmissionDetails(BaseModel):
    """What a person says of the restaurant that they want to open."""

    name: RestaurantName
    image: ImagePath = "assets/images/new-restaurant.svg"
    themes: list[Theme] = Field(max_length=10)


class ReviewConfig(BaseModel):
    """How long a submission may wait for its review: two weeks, and at most a year."""

    patience_seconds: int = Field(default=1_209_600, alias="patienceSeconds", ge=1, le=31_536_000)


class Submitted(BaseModel):
    """The submission that was stored."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    submission_id: str
    state: SubmissionState


@http_handler(
    errors={
        EmailNotVerifiedError: Forbidden,
        RestaurantExistsError: Conflict,
        SubmissionPendingError: Conflict,
    },
    uses=(wiring.catalogue, wiring.submissions, wiring.reviews),
    status=202,
)
def handle(
    body: SubmissionDetails, caller: Caller, config: Annotated[ReviewConfig, FromParameter("config")]
) -> Submitted:
    """Submit a restaurant for review."""
    stored = submit_restaurant(
        wiring.catalogue(),
        wiring.submissions(),
        wiring.reviews(),
        customer_id=caller.user_id,
        email=caller.verified_email,
        restaurant=Restaurant(name=body.name, image=body.image, themes=tuple(body.themes)),
        patience=timedelta(seconds=config.patience_seconds),
    )
    return Submitted(submission_id=stored.submission_id, state=stored.state)
