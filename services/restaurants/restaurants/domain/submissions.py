"""Submissions: restaurants that want to join, and what becomes of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict


class SubmissionState(StrEnum):
    """What became of a submission."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Submission(BaseModel):
    """A restaurant that a person wants to open; `review_token` ends the wait for the reviewer."""

    model_config = ConfigDict(frozen=True)

    submission_id: str
    customer_id: str
    email: str
    name: str
    image: str
    themes: tuple[str, ...]
    state: SubmissionState = SubmissionState.PENDING
    submitted_at: datetime
    review_token: str | None = None


class SubmissionPage(BaseModel):
    """Some submissions; `last` is the place of the last one, None when nothing follows."""

    model_config = ConfigDict(frozen=True)

    submissions: list[Submission]
    last: tuple[str, str] | None


class Submissions(Protocol):
    """All submissions, however they are kept."""

    def add(self, submission: Submission) -> Submission:
        """Store a submission, and return it, or the one of its id that is pending and stays."""

    def find(self, submission_id: str) -> Submission | None:
        """Return a submission, or None."""

    def decide(self, submission_id: str, state: SubmissionState) -> Submission:
        """Give a pending submission its final state, and return it; a repeat changes nothing.

        Raises:
            SubmissionNotFoundError: there is none of that id.
            SubmissionDecidedError: it has another final state.
        """

    def refuse(self, submission_id: str) -> None:
        """Make an approved submission a rejected one, since its restaurant could not be opened."""

    def remember_token(self, submission_id: str, token: str) -> None:
        """Store what ends the wait for the reviewer of a pending submission.

        Raises:
            SubmissionNotFoundError: there is none of that id.
            SubmissionDecidedError: it is not pending.
        """

    def of_customer(self, customer_id: str, *, after: Sequence[str] | None, count: int) -> SubmissionPage:
        """Return the first submissions of a person, newest first, or those behind a place."""

    def pending(self, *, after: Sequence[str] | None, count: int) -> SubmissionPage:
        """Return the first pending submissions, oldest first, or those behind a place."""

    def remove_all(self, customer_id: str) -> None:
        """Remove all submissions of a person."""


class Reviews(Protocol):
    """The waits for reviewers, however they wait."""

    def start(self, submission: Submission, *, patience: timedelta) -> None:
        """Start to wait for the review of a submission; one that is waited for is not waited for twice."""

    def end(self, token: str) -> None:
        """End a wait; one that is over is left alone."""
