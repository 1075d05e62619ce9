"""What a product without the example services generates, made with its template."""

import json
from collections.abc import Mapping

import pytest

from devtools.template import generated
from devtools.template.checkout_files import File

from .conftest import CHECKOUT


@pytest.fixture(scope="module")
def files() -> Mapping[str, File]:
    return generated.without_examples(CHECKOUT)


def test_the_catalogue_has_only_the_events_of_services_that_are_left(files: Mapping[str, File]) -> None:
    events = json.loads(files["docs/events.json"].content)["events"]

    assert [event["name"] for event in events] == ["user_erased", "user_erasure_requested"]
    assert list(json.loads(files["services/events/events/domain/archived_fields.json"].content)) == [
        "user_erased",
        "user_erasure_requested",
    ]


def test_no_script_is_about_orders(files: Mapping[str, File]) -> None:
    package = json.loads(files["package.json"].content)

    assert {"start", "test", "lint"} <= package["scripts"].keys()
    assert {"bench", "load", "test:faults"}.isdisjoint(package["scripts"])
    assert "food" not in package["description"]


def test_cloudformation_may_make_only_what_services_that_are_left_have(files: Mapping[str, File]) -> None:
    policy = "shared-infra/account/execution-policy.json"

    assert b"dynamodb:CreateTable" in (CHECKOUT.root / policy).read_bytes()
    assert b"dynamodb:CreateTable" not in files[policy].content
