"""Recording that a customer accepts a version of a legal document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from service_kit.testing import Reply, call, rest_event
from web.domain.legal_documents import Acceptance
from web.handlers.put_acceptance import handle

if TYPE_CHECKING:
    from .acceptance_fakes import FakeAcceptances

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def put(name: str, version: object, *, caller: str | None = "ada") -> Reply:
    path = {"document": name, "version": str(version)}
    return call(handle, rest_event(caller=caller, path_parameters=path))


def test_an_acceptance_is_kept_with_document_version_and_time(acceptances: FakeAcceptances) -> None:
    before = datetime.now(UTC)
    reply = put("terms", 1)
    [kept] = acceptances.of_customer("ada")
    assert (reply.status, kept.document, kept.version) == (204, "terms", 1)
    assert before <= kept.accepted_at <= datetime.now(UTC)


def test_a_repeat_keeps_the_time_of_the_first_acceptance(acceptances: FakeAcceptances) -> None:
    acceptances.add("ada", Acceptance("terms", 1, AT))
    put("terms", 1)
    assert acceptances.of_customer("ada") == [Acceptance("terms", 1, AT)]


@pytest.mark.parametrize(("name", "version"), [("terms", 99), ("terms", 0), ("cookies", 1), ("imprint", 1)])
def test_what_is_not_to_be_accepted_is_not_found(
    acceptances: FakeAcceptances, name: str, version: int
) -> None:
    assert put(name, version).status == 404
    assert acceptances.by_customer == {}


def test_a_version_is_a_number(acceptances: FakeAcceptances) -> None:
    assert (put("terms", "latest").status, acceptances.by_customer) == (400, {})


def test_nobody_accepts_without_signing_in(acceptances: FakeAcceptances) -> None:
    assert (put("terms", 1, caller=None).status, acceptances.by_customer) == (401, {})
