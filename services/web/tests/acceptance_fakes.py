"""Fakes of what handlers of acceptances use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.domain.legal_documents import Acceptance


class FakeAcceptances:
    """Acceptances in memory, by customer."""

    def __init__(self) -> None:
        self.by_customer: dict[str, list[Acceptance]] = {}

    def add(self, customer_id: str, acceptance: Acceptance) -> None:
        kept = self.by_customer.setdefault(customer_id, [])
        if all((one.document, one.version) != (acceptance.document, acceptance.version) for one in kept):
            kept.append(acceptance)

    def of_customer(self, customer_id: str) -> list[Acceptance]:
        return list(self.by_customer.get(customer_id, ()))

    def remove_all(self, customer_id: str) -> None:
        self.by_customer.pop(customer_id, None)
