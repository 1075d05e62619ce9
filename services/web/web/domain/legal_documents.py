"""Legal documents, their versions, and which of them customers have to accept."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class LegalDocumentNotFoundError(Exception):
    """There is no such document, or no such version of it."""

    def __init__(self) -> None:
        super().__init__("There is no such document.")


@dataclass(frozen=True)
class LegalVersion:
    """One version of a document.

    Attributes:
        number: Its number, from 1.
        date: The date that it shows.
        change: What changed, for readers.
        needs_acceptance: Whether it has to be accepted, whatever was accepted before.
        html: The text.
        changes: The text's differences from the version before, as HTML; empty for the first one.
    """

    number: int
    date: str
    change: str
    needs_acceptance: bool
    html: str
    changes: str


@dataclass(frozen=True)
class LegalDocument:
    """A document.

    Attributes:
        name: Its name in URLs.
        title: Its title.
        versions: Its versions, the first one first.
    """

    name: str
    title: str
    versions: tuple[LegalVersion, ...]

    @property
    def current(self) -> LegalVersion:
        """The newest version."""
        return self.versions[-1]

    @property
    def least_accepted(self) -> int:
        """The version that customers have to have accepted, or a newer one; 0 when there is none."""
        return max((one.number for one in self.versions if one.needs_acceptance), default=0)

    def version(self, number: int | None) -> LegalVersion:
        """Return a version, or the newest without a number.

        Raises:
            LegalDocumentNotFoundError: There is no such version.
        """
        if number is None:
            return self.current
        if not 1 <= number <= len(self.versions):
            raise LegalDocumentNotFoundError
        return self.versions[number - 1]


@dataclass(frozen=True)
class Acceptance:
    """What a customer has accepted, and when."""

    document: str
    version: int
    accepted_at: datetime


class Acceptances(Protocol):
    """The evidence of what customers have accepted; nothing in it is ever changed."""

    def add(self, customer_id: str, acceptance: Acceptance) -> None:
        """Keep an acceptance; one that is kept already stays, with its time."""

    def of_customer(self, customer_id: str) -> Collection[Acceptance]:
        """Return all acceptances of a customer."""

    def remove_all(self, customer_id: str) -> None:
        """Erase the acceptances of a customer."""


def to_accept(
    documents: Iterable[LegalDocument], accepted: Collection[Acceptance]
) -> list[tuple[LegalDocument, bool]]:
    """Return the documents that customers accept, each with whether this one still has to."""
    newest: dict[str, int] = {}
    for one in accepted:
        newest[one.document] = max(one.version, newest.get(one.document, 0))
    return [
        (document, newest.get(document.name, 0) < document.least_accepted)
        for document in documents
        if document.least_accepted
    ]
