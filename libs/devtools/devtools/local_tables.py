"""Real tables for tests, created in the local emulator from a service's template.

A fake of a table would repeat the conditions that it is to test. dynalite would not do either: it has no
transactions, and does not give back the item that failed a condition.
"""

from __future__ import annotations

import atexit
import os
import shutil
import uuid
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3.session

from service_kit.testing import use_fresh_clients
from stagectl.checkout import Checkout
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.system import processes
from stagectl.targets.emulator import Emulator

if TYPE_CHECKING:
    import pytest
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

ROOT = Path(__file__).resolve().parents[3]
# The account's owner in the emulator.
_KEY = "test"
_SHAPE = (
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "BillingMode",
    "StreamSpecification",
)


def make_table(service: str, template: str) -> Table:
    """Create an empty table as a service declares it, under a unique name.

    Args:
        service: The service's name.
        template: File in its folder `resources` that declares one table.
    """
    document = load_mapping(ROOT / "services" / service / "resources" / template)
    (resource,) = document["Resources"].values()
    shape: dict[str, Any] = {
        name: resource["Properties"][name] for name in _SHAPE if name in resource["Properties"]
    }
    if "StreamSpecification" in shape:
        shape["StreamSpecification"] = shape["StreamSpecification"] | {"StreamEnabled": True}
    return _resources(os.getpid()).create_table(TableName=f"{service}-{uuid.uuid4().hex}", **shape)


def use_emulator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the kit's clients, created for this test, call the emulator."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", _url())
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, _KEY)
    use_fresh_clients(monkeypatch)


@cache
def _url() -> str:
    """Start the emulator, once for each process and at first use."""
    emulator = Emulator(Checkout(ROOT), processes.free_port())
    emulator.start()
    atexit.register(partial(shutil.rmtree, emulator.folder, ignore_errors=True))
    atexit.register(emulator.stop)
    return emulator.url


@cache
def _resources(_process_id: int) -> DynamoDBServiceResource:
    """Connect once for each process, since forked processes must not share a connection."""
    return boto3.session.Session().resource(
        "dynamodb",
        region_name="eu-central-1",
        endpoint_url=_url(),
        aws_access_key_id=_KEY,
        aws_secret_access_key=_KEY,
    )
