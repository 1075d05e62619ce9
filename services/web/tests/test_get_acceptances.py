"""What customers have accepted: recorded once, asked again only when a version requires it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from service_kit.testing import Reply, call, rest_event
from web.domain.legal_documents import (
    Acceptance,
    LegalDocument,
    LegalDocumentNotFoundError,
    LegalVersion,
    to_accept,
)
from web.handlers.get_acceptances import handle

if TYPE_CHECKING:
    from .acceptance_fakes import FakeAcceptances

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def document(*needs_acceptance: bool, name: str = "terms") -> LegalDocument:
    versions = [
        LegalVersion(number, "2026-11-28", "A change.", needs, "<p></p>", "")
        for number, needs in enumerate(needs_acceptance, start=1)
    ]
    return LegalDocument(name, "Terms", tuple(versions))


def accepted(*versions: int) -> list[Acceptance]:
    return [Acceptance("terms", version, AT) for version in versions]


@pytest.mark.parametrize(
    ("needs_acceptance", "versions", "must_accept"),
    [
        ([True], [], True),
        ([True], [1], False),
        ([True, False], [1], False),
        ([True, False], [2], False),
        ([True, True], [1], True),
        ([True, True], [1, 2], False),
        ([True, True, False], [3, 1], False),
        ([True, False, True, False], [2], True),
    ],
)
def test_a_version_that_requires_it_is_to_be_accepted_again(
    needs_acceptance: list[bool], versions: list[int], must_accept: bool
) -> None:
    terms = document(*needs_acceptance)
    assert to_accept([terms], accepted(*versions)) == [(terms, must_accept)]


def test_a_document_that_never_requires_it_is_not_accepted() -> None:
    assert to_accept([document(False, False)], []) == []


def test_what_was_accepted_of_one_document_does_not_count_for_another() -> None:
    privacy = document(True, name="privacy")
    assert to_accept([privacy], accepted(1)) == [(privacy, True)]


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_version_that_does_not_exist_is_not_found(number: int) -> None:
    with pytest.raises(LegalDocumentNotFoundError):
        document(True, True).version(number)


def get(caller: str | None = "ada") -> Reply:
    return call(handle, rest_event(caller=caller))


def test_a_customer_is_asked_until_all_is_accepted(acceptances: FakeAcceptances) -> None:
    must_accept = [one["mustAccept"] for one in get().document["documents"]]
    assert must_accept == [True, True]
    for one in get().document["documents"]:
        acceptances.add("ada", Acceptance(one["document"], one["version"], AT))
    after = get().document["documents"]
    assert [one["mustAccept"] for one in after] == [False, False]
    assert [[version["version"] for version in one["accepted"]] for one in after] == [
        [one["version"]] for one in after
    ]
    assert [one["mustAccept"] for one in get("bob").document["documents"]] == [True, True]


def test_nobody_is_shown_acceptances_without_signing_in() -> None:
    assert get(None).status == 401
