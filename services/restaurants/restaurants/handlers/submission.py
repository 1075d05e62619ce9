"""A submission as callers name it and see it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from restaurants.domain.submissions import Submission, SubmissionState
from restaurants.settings import CatalogueSettings
from service_kit.http import FromPath
from service_kit.settings import load_settings

SubmissionId = Annotated[str, StringConstraints(min_length=1, max_length=100), FromPath()]


class SubmissionView(BaseModel):
    """A submission, with its image as a URL that a browser can load."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    submission_id: str
    name: str
    image: str
    themes: list[str]
    email: str
    state: SubmissionState
    submitted_at: datetime


def view(submission: Submission) -> SubmissionView:
    """Show one submission."""
    shown = submission.model_dump(exclude={"customer_id", "review_token"})
    service_url = load_settings(CatalogueSettings).service_url
    return SubmissionView.model_validate(shown | {"image": f"{service_url}/{submission.image}"})
