"""GET /acceptances."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from service_kit.http import Caller, http_handler
from web import wiring
from web.domain.legal_documents import to_accept


class AcceptedVersion(BaseModel):
    """A version that the caller has accepted."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    version: int
    accepted_at: datetime


class DocumentToAccept(BaseModel):
    """A document that customers accept.

    `must_accept` says whether the caller has still to accept its current version.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    document: str
    title: str
    version: int
    change: str
    must_accept: bool
    accepted: list[AcceptedVersion]


class AcceptanceList(BaseModel):
    """All documents that customers accept."""

    documents: list[DocumentToAccept]


@http_handler(uses=(wiring.legal_documents, wiring.acceptances))
def handle(caller: Caller) -> AcceptanceList:
    """Return the documents that customers accept, and what the caller has accepted of each."""
    accepted = wiring.acceptances().of_customer(caller.user_id)
    return AcceptanceList(
        documents=[
            DocumentToAccept(
                document=document.name,
                title=document.title,
                version=document.current.number,
                change=document.current.change,
                must_accept=must_accept,
                accepted=[
                    AcceptedVersion(version=one.version, accepted_at=one.accepted_at)
                    for one in sorted(accepted, key=lambda one: one.version)
                    if one.document == document.name
                ],
            )
            for document, must_accept in to_accept(wiring.legal_documents().all(), accepted)
        ]
    )
