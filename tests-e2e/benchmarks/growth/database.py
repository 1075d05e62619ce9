"""A DynamoDB of its own: dynalite, which reads by key as DynamoDB does and counts units as DynamoDB does.

The emulator would not do: for each query it sorts everything under the key, and it reports half a unit
whatever was read.
"""

import http.client
import itertools
import json
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stagectl.checkout.yaml_loader import load_mapping
from stagectl.system.processes import free_port

from support.stage import REPOSITORY

PROGRAM = REPOSITORY / "node_modules" / "dynalite" / "cli.js"
HOST = "127.0.0.1"
START_SECONDS = 20
START_ATTEMPTS = 3
ITEMS_OF_A_BATCH = 25
WRITERS = 4
# It wants a signature and does not check it. Signing with the SDK would take longer than writing.
HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=growth/20260101/us-east-1/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=0"
    ),
}
SHAPE = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")

Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Database:
    """A running database; `port` is where it listens on this machine."""

    port: int

    @property
    def endpoint(self) -> str:
        """Its URL, for SDKs."""
        return f"http://{HOST}:{self.port}"

    def create(self, name: str, shape: Mapping[str, Any]) -> None:
        """Make an empty table, and wait until it takes writes.

        Raises:
            RuntimeError: it is still being created after `START_SECONDS`.
        """
        deadline = time.monotonic() + START_SECONDS
        with self._connection() as connection:
            _call(connection, "CreateTable", {"TableName": name, **shape})
            # The answer comes before the table is active, and a table that is not active refuses writes
            # as if it did not exist.
            while _call(connection, "DescribeTable", {"TableName": name})["Table"]["TableStatus"] != "ACTIVE":
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{name} did not become active within {START_SECONDS} seconds")
                time.sleep(0.01)

    def fill(self, table: str, items: Iterable[Item]) -> None:
        """Write items, several batches at once.

        Raises:
            RuntimeError: some were not written.
        """
        source, turn = iter(items), threading.Lock()
        failures: list[Exception] = []

        def write() -> None:
            try:
                with self._connection() as connection:
                    while True:
                        with turn:
                            batch = list(itertools.islice(source, ITEMS_OF_A_BATCH))
                        if not batch or failures:
                            return
                        puts = [{"PutRequest": {"Item": item}} for item in batch]
                        _call(connection, "BatchWriteItem", {"RequestItems": {table: puts}})
            except (OSError, RuntimeError) as failure:
                failures.append(failure)

        writers = [threading.Thread(target=write) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        if failures:
            raise RuntimeError(f"{table} was not filled") from failures[0]

    @contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=30)) as connection:
            yield connection


@contextmanager
def running() -> Iterator[Database]:
    """Run a database that keeps everything in memory, until the end of the block.

    Raises:
        RuntimeError: it did not start.
    """
    for attempts_left in reversed(range(START_ATTEMPTS)):
        port = free_port()
        command = ["node", str(PROGRAM), "--host", HOST, "--port", str(port), "--createTableMs", "0"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            try:
                _wait_for(port, process)
            except RuntimeError:
                # Since it was found free, a connection of another program may have got the port.
                if not attempts_left:
                    raise
                continue
            yield Database(port)
            return
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def shape_of(service: str, template: str, table: str) -> dict[str, Any]:
    """Return keys and indexes of a table as a service's template declares them."""
    document = load_mapping(Path(REPOSITORY, "services", service, "resources", template))
    properties = document["Resources"][table]["Properties"]
    return {name: properties[name] for name in SHAPE if name in properties}


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection:
                _call(connection, "ListTables", {})
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{PROGRAM} did not start: see what it wrote, and run `npm ci` if it is not there")


def _call(connection: http.client.HTTPConnection, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
    headers = HEADERS | {"X-Amz-Target": f"DynamoDB_20120810.{action}"}
    connection.request("POST", "/", json.dumps(request), headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{action} answered {answer.status}: {content.decode(errors='replace')}")
    document: dict[str, Any] = json.loads(content)
    if any(document.get("UnprocessedItems") or {}):
        raise RuntimeError(f"{action} left items out")
    return document
