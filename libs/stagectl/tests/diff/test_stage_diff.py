"""What a deployment would change, from what was packaged and what is deployed."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from stagectl.checkout import Checkout, services
from stagectl.diff import diff_text, stage_diff
from stagectl.diff.stage_diff import ServiceDiff
from stagectl.stacks.stack_states import StackStates

from ..fakes.cloud import FakeCloud, stack

Write = Callable[[str, str], Path]
PACKAGE = "orders.zip"


class FakeFunctions:
    """Functions that are deployed with a package, by name."""

    def __init__(self, **packages: str) -> None:
        self.packages = packages

    def get_function(self, *, FunctionName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        package = self.packages.get(FunctionName.replace("-", "_"))
        if package is None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetFunction")
        return {"Configuration": {"CodeSha256": sha256(package)}}


def sha256(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def template(key: str = "1/", **properties: Any) -> dict[str, Any]:
    code = {"S3Key": f"serverless/orders/{key}{PACKAGE}"}
    function = {"FunctionName": "orders-dev-place-order", "Code": code, "Timeout": 6} | properties
    policy = {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}}
    return {
        "Resources": {
            "Place": {"Type": "AWS::Lambda::Function", "Properties": function},
            "PlaceRole": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy]}},
        }
    }


@pytest.fixture
def diff(checkout: Checkout, write: Write) -> Callable[..., ServiceDiff]:
    """Compare a package of orders with what is deployed of it."""
    write("services/orders/serverless.yml", "service: orders")
    write(f"services/orders/.serverless/{PACKAGE}", "new")

    def compare(packaged: Any, *deployed: Any, code: str = "new") -> ServiceDiff:
        write("services/orders/.serverless/cloudformation-template-update-stack.json", json.dumps(packaged))
        cloud = FakeCloud(*(stack("dev", "orders", template=one) for one in deployed))
        return stage_diff.of_service(
            services.discover(checkout.root)["orders"],
            "dev",
            StackStates(cast("Any", cloud), cast("Any", cloud), is_emulator=False),
            cast("Any", FakeFunctions(orders_dev_place_order=code)),
        )

    return compare


def test_the_same_package_changes_nothing(diff: Any) -> None:
    found = diff(template("2/"), template("1/"))

    assert found.is_empty
    assert diff_text.summary([found]) == "Nothing would change."


def test_a_function_whose_code_changes_is_named(diff: Any) -> None:
    [change] = diff(template(), template(), code="old").code

    assert (change.function, change.before, change.after) == (
        "orders-dev-place-order",
        sha256("old"),
        sha256("new"),
    )


def test_a_function_that_somebody_deleted_is_a_change(diff: Any) -> None:
    deployed = template(FunctionName="orders-dev-other")

    [change] = diff(template(FunctionName="orders-dev-other"), deployed).code
    assert change.before is None


def test_everything_of_a_stack_that_is_not_there_is_an_addition(diff: Any) -> None:
    found = diff(template())

    assert found.is_new
    assert {one.change for one in found.template.resources} == {"added"}
    assert [(one.kind, one.is_wider) for one in found.permissions] == [("added", True)]
    assert found.code == ()


def test_the_text_marks_what_permits_more(diff: Any) -> None:
    narrow = template(Timeout=3)
    narrow["Resources"]["PlaceRole"]["Properties"]["Policies"] = []

    text = "\n".join(str(line).rstrip() for line in diff_text.lines([diff(template(), narrow)]))

    assert "  ~   AWS::Lambda::Function Place\n        Timeout: 3 -> 6" in text
    assert "  !   role PlaceRole allows sqs:* on *  (every action, every resource)" in text
    assert text.endswith(
        "1 of 1 services would change; resources: 2 changed; 1 permissions, 1 of them wider (!)."
    )


def test_the_document_for_programs_says_the_same(diff: Any) -> None:
    document = diff_text.document("dev", [diff(template(), template(Timeout=3))])

    assert json.loads(json.dumps(document)) == document
    assert (document["changes"], document["widened"]) == (True, 0)
    [service] = document["services"]
    [resource] = service["resources"]
    assert (resource["logicalId"], resource["change"]) == ("Place", "changed")
    assert resource["properties"] == [{"path": "Timeout", "before": 3, "after": 6}]
