"""The legal documents, which `stagectl generate` renders from `legal/`."""

import json
from pathlib import Path

from web.domain.legal_documents import LegalDocument, LegalDocumentNotFoundError, LegalVersion


class LegalFiles:
    """The documents of a file, read once.

    Args:
        file: JSON with the rendered documents.
    """

    def __init__(self, file: Path) -> None:
        found = json.loads(file.read_text("utf-8"))
        self._documents = {
            name: LegalDocument(
                name=name,
                title=document["title"],
                versions=tuple(
                    LegalVersion(
                        number=number,
                        date=version["date"],
                        change=version["change"],
                        needs_acceptance=version["needsAcceptance"],
                        html=version["html"],
                        changes=version["changes"],
                    )
                    for number, version in enumerate(document["versions"], start=1)
                ),
            )
            for name, document in found.items()
        }

    def all(self) -> list[LegalDocument]:
        """Return all documents, by name."""
        return list(self._documents.values())

    def find(self, name: str) -> LegalDocument:
        """Return a document.

        Raises:
            LegalDocumentNotFoundError: There is none with this name.
        """
        if name not in self._documents:
            raise LegalDocumentNotFoundError
        return self._documents[name]
