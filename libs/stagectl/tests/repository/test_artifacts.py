"""What is uploaded to Lambda."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT, SERVICES, Compiled, package

MAX_ZIPPED_BYTES = 6_000_000
SERVICE_KIT = ROOT / "libs" / "service_kit" / "service_kit"


def names(artifact: Path) -> set[str]:
    with zipfile.ZipFile(artifact) as opened:
        return set(opened.namelist())


@pytest.mark.parametrize("service", SERVICES)
def test_an_artifact_is_small_and_leaves_out_what_lambda_brings(
    compiled: dict[str, Compiled], service: str
) -> None:
    artifact = compiled[service].artifact
    assert artifact.stat().st_size <= MAX_ZIPPED_BYTES
    assert {name.split("/")[0] for name in names(artifact)}.isdisjoint({"boto3", "botocore"})


@pytest.mark.parametrize("service", SERVICES)
def test_an_artifact_holds_what_its_functions_run(compiled: dict[str, Compiled], service: str) -> None:
    held = names(compiled[service].artifact)
    handlers = {
        function["Handler"].rpartition(".")[0].replace(".", "/") + ".py"
        for function in compiled[service].of_type("AWS::Lambda::Function").values()
    }
    assert handlers <= held
    assert "service_kit/http.py" in held
    assert any(name.endswith("cpython-313-aarch64-linux-gnu.so") for name in held), (
        "not built for Lambda's processor"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_an_artifact_holds_no_tests_and_no_stale_bytecode(
    compiled: dict[str, Compiled], service: str
) -> None:
    held = names(compiled[service].artifact)
    assert [name for name in held if "/tests/" in name or name.endswith((".pyc", ".pyi"))] == []


@pytest.mark.parametrize("service", SERVICES)
def test_an_openapi_document_is_put_beside_the_artifact(compiled: dict[str, Compiled], service: str) -> None:
    document = compiled[service].folder / "openapi.json"
    built = compiled[service].artifact.with_name("openapi.json")
    assert built.is_file() == document.is_file()
    if built.is_file():
        assert built.read_bytes() == document.read_bytes()


def test_the_same_sources_give_the_same_bytes(compiled: dict[str, Compiled]) -> None:
    orders = compiled["orders"]
    before = hashlib.sha256(orders.artifact.read_bytes()).hexdigest()
    package(orders.folder)
    assert hashlib.sha256(orders.artifact.read_bytes()).hexdigest() == before


def test_the_same_sources_compile_to_the_same_template(compiled: dict[str, Compiled]) -> None:
    orders = compiled["orders"]
    package(orders.folder)
    again = json.loads(
        (orders.folder / ".serverless" / "cloudformation-template-update-stack.json").read_text()
    )
    for template in (again, orders.template):
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                # Where the artifact is uploaded holds the time; its hash decides whether it is deployed.
                resource["Properties"]["Code"].pop("S3Key", None)
    assert again == orders.template


def test_an_edit_of_the_shared_library_is_in_the_next_artifact(compiled: dict[str, Compiled]) -> None:
    auth = compiled["auth"]
    added = SERVICE_KIT / "edited_by_a_test.py"
    added.write_text('"""Only here while a test runs."""\n')
    try:
        package(auth.folder)
        assert "service_kit/edited_by_a_test.py" in names(auth.artifact)
    finally:
        added.unlink()
        package(auth.folder)
    assert "service_kit/edited_by_a_test.py" not in names(auth.artifact)
