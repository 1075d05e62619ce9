"""PUT /acceptances/{document}/{version}."""

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools import Logger

from service_kit.http import Caller, FromPath, NotFound, http_handler
from web import wiring
from web.domain.legal_documents import Acceptance, LegalDocumentNotFoundError

logger = Logger()


@http_handler(
    errors={LegalDocumentNotFoundError: NotFound}, uses=(wiring.legal_documents, wiring.acceptances)
)
def handle(document: Annotated[str, FromPath()], version: Annotated[int, FromPath()], caller: Caller) -> None:
    """Record that the caller accepts a version of a document; the time of the first request counts."""
    found = wiring.legal_documents().find(document)
    if not found.least_accepted:
        raise LegalDocumentNotFoundError
    number = found.version(version).number
    wiring.acceptances().add(caller.user_id, Acceptance(found.name, number, datetime.now(UTC)))
    logger.info("accepted", legal_document=found.name, legal_version=number)
