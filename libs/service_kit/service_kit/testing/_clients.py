"""AWS clients and tables under test: stubbed, replaced, or made by the test alone."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.client import BaseClient
    from botocore.stub import Stubber
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource


StubClient: TypeAlias = "Callable[[str], Stubber]"
"""Put a stubbed client of an AWS service, by boto3's name of it, in the place of the kit's own."""
StubTables: TypeAlias = "Callable[..., Stubber]"
"""Put stubbed tables, by their names, in the place of the kit's own; one stub sees the calls of all."""


@dataclass(frozen=True, slots=True)
class MadeClients:
    """What was made in one test.

    Attributes:
        clients: Clients, by boto3's name of the service.
        tables: Tables, by name.
    """

    clients: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)


def replace_client(monkeypatch: pytest.MonkeyPatch, service_name: str, client: object) -> None:
    """Put a client in the place of the kit's own, for a test."""
    from service_kit.aws import _clients as clients  # noqa: PLC0415, only suites of functions need it

    monkeypatch.setitem(clients._clients, service_name, client)  # noqa: SLF001, the kit's own


def replace_table(monkeypatch: pytest.MonkeyPatch, name: str, table: object) -> None:
    """Put a table in the place of the kit's own, for a test."""
    from service_kit.aws import _clients as clients  # noqa: PLC0415, only suites of functions need it

    monkeypatch.setitem(cast("dict[str, object]", clients._tables), name, table)  # noqa: SLF001, the kit's own


def use_fresh_clients(monkeypatch: pytest.MonkeyPatch) -> MadeClients:
    """Let the kit make its clients, tables and session for a test alone, in the environment of that test."""
    from service_kit.aws import _clients as clients  # noqa: PLC0415, only suites of functions need it

    made = MadeClients()
    monkeypatch.setattr(clients, "_clients", made.clients)
    monkeypatch.setattr(clients, "_tables", made.tables)
    monkeypatch.setattr(clients, "_session", cache(clients._session.__wrapped__))  # noqa: SLF001, the kit's own
    return made


@pytest.fixture
def fresh_clients(monkeypatch: pytest.MonkeyPatch) -> MadeClients:
    """Clients, tables and their session are made by the test."""
    return use_fresh_clients(monkeypatch)


@pytest.fixture
def stub_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubClient]:
    """Stub a client; all answers have been asked for when the test ends."""
    with ExitStack() as stubs:

        def stub(service_name: str) -> Stubber:
            client = _client(service_name)
            replace_client(monkeypatch, service_name, client)
            return stubs.enter_context(_stubbed(client))

        yield stub


@pytest.fixture
def stub_tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubTables]:
    """Stub tables; all answers have been asked for when the test ends."""
    with ExitStack() as stubs:

        def stub(*names: str) -> Stubber:
            for name in names:
                replace_table(monkeypatch, name, _resource().Table(name))
            return stubs.enter_context(_stubbed(_resource().meta.client))

        yield stub


@contextmanager
def _stubbed(client: BaseClient) -> Iterator[Stubber]:
    from botocore.stub import Stubber  # noqa: PLC0415, only suites of adapters need it

    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


# Not the kit's own, which would stay with a test's credentials for other suites of the same process.
@cache
def _client(service_name: str) -> BaseClient:
    import boto3.session  # noqa: PLC0415, only suites of adapters need it

    client: BaseClient = boto3.session.Session().client(cast("Any", service_name))
    return client


@cache
def _resource() -> DynamoDBServiceResource:
    import boto3.session  # noqa: PLC0415, only suites of adapters need it

    return boto3.session.Session().resource("dynamodb")
