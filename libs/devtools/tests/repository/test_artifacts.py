"""What is uploaded to Lambda."""

import _imp
import ast
import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.checkout.services import package_of

from .conftest import OPTED_IN, ROOT, SERVICES, STAGE, Compiled, package

MAX_ZIPPED_BYTES = 3_200_000
MANY_MODULES = 30
SERVICE_KIT = ROOT / "libs" / "service_kit" / "service_kit"
PLUGINS = ROOT / "libs" / "serverless_plugins"
ARCHIVES = ROOT / ".bigmouth" / "archives"
MAGIC_OF_3_13 = (3571).to_bytes(2, "little") + b"\r\n"
UNCHECKED_HASH = (1).to_bytes(4, "little")
NOT_SHIPPED = re.compile(
    r"\.pyi$|(^|/)py\.typed$|(^|/)tests?/|^bin/|\.dist-info/|^requirements\.txt$|^\.|/\."
)
BYTECODE = re.compile(r"(?:__pycache__/)?([^/]+?)(?:\.cpython-\d+)?\.pyc$")
LAMBDA_BRINGS = {"boto3", "botocore", "jmespath", "s3transfer", "urllib3", "dateutil", "six"}


def names(artifact: Path) -> set[str]:
    with zipfile.ZipFile(artifact) as opened:
        return set(opened.namelist())


def contents(artifact: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(artifact) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def source_of(module: str, installed: Path) -> Path:
    """Return the source of a module of a package."""
    package = module.partition("/")[0]
    ours = {"service_kit": SERVICE_KIT.parent} | {
        package_of(service): ROOT / "services" / service for service in SERVICES
    }
    return ours.get(package, installed) / module


def assert_bytecode_is_valid(artifact: Path, magic: bytes, installed: Path) -> None:
    """Assert that every module has bytecode for an interpreter, made from the source that is there or was."""
    held = contents(artifact)
    bytecode = {BYTECODE.sub(r"\1.py", name): held[name] for name in held if name.endswith(".pyc")}
    for module, content in bytecode.items():
        source = held.get(module) or source_of(module, installed).read_bytes()
        assert content[:4] == magic, module
        assert content[4:8] == UNCHECKED_HASH, module
        assert content[8:16] == _imp.source_hash(int.from_bytes(magic, "little"), source), module
    assert {name for name in held if name.endswith(".py")} <= bytecode.keys()


@pytest.fixture(scope="session")
def lambda_python() -> str:
    script = (
        "require('./bytecode.cjs').findInterpreter('python3.13').then((f) => console.log(f?.program ?? ''))"
    )
    found = subprocess.run(["node", "-e", script], cwd=PLUGINS, capture_output=True, text=True, check=True)
    if not found.stdout.strip():
        pytest.skip("no Python 3.13 here to make bytecode for AWS with")
    return found.stdout.strip()


@pytest.fixture(scope="session")
def local_artifact(compiled: dict[str, Compiled], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service's package for the emulator, unpacked; its build folder is put back afterwards."""
    events = compiled["events"]
    folder = tmp_path_factory.mktemp("local")
    package(events.folder, "local")
    shutil.copy(events.artifact, folder / "events.zip")
    shutil.copytree(events.folder / ".serverless" / "packages", folder / "installed")
    package(events.folder)
    with zipfile.ZipFile(folder / "events.zip") as opened:
        opened.extractall(folder / "unpacked")
    return folder


@pytest.mark.parametrize("service", SERVICES)
def test_an_artifact_is_small_and_leaves_out_what_lambda_brings(
    compiled: dict[str, Compiled], service: str
) -> None:
    artifact = compiled[service].artifact
    assert artifact.stat().st_size <= MAX_ZIPPED_BYTES
    assert {name.split("/")[0] for name in names(artifact)}.isdisjoint(LAMBDA_BRINGS)


@pytest.mark.usefixtures("lambda_python")
@pytest.mark.parametrize("service", SERVICES)
def test_an_artifact_holds_what_its_functions_run(compiled: dict[str, Compiled], service: str) -> None:
    held = names(compiled[service].artifact)
    handlers = {
        function["Handler"].rpartition(".")[0].replace(".", "/") + ".pyc"
        for function in compiled[service].of_type("AWS::Lambda::Function").values()
    }
    assert handlers <= held
    assert "service_kit/__init__.pyc" in held
    assert any(name.endswith("cpython-313-aarch64-linux-gnu.so") for name in held), (
        "not built for Lambda's processor"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_an_artifact_holds_nothing_that_does_not_run_but_licences(
    compiled: dict[str, Compiled], service: str
) -> None:
    held = names(compiled[service].artifact)
    assert [name for name in held if NOT_SHIPPED.search(name)] == []
    assert any(re.fullmatch(r"licenses/pydantic_core-[^/]+/LICENSE", name) for name in held)


@pytest.mark.usefixtures("lambda_python")
@pytest.mark.parametrize("service", SERVICES)
def test_whatever_our_code_imports_is_in_the_artifact(compiled: dict[str, Compiled], service: str) -> None:
    held = contents(compiled[service].artifact)
    bundled = {name.split("/")[0].split(".")[0] for name in held}
    ours = {
        name: source_of(name.removesuffix("c"), compiled[service].folder).read_bytes()
        for name in held
        if name.endswith(".pyc") and name.partition("/")[0] in {package_of(service), "service_kit"}
    }
    assert len(ours) > MANY_MODULES
    missing = {
        f"{name}: {module}"
        for name, content in ours.items()
        for module in imported_modules(ast.parse(content))
        if module.split(".")[0] in bundled and not is_held(module.replace(".", "/"), held)
    }
    assert missing == set()


def imported_modules(tree: ast.Module) -> Iterator[str]:
    for node in run_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def run_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that Python runs: not what only type checkers read."""
    yield node
    only_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    children = node.orelse if isinstance(node, ast.If) and only_types else ast.iter_child_nodes(node)
    for child in children:
        yield from run_nodes(child)


def is_held(path: str, held: dict[str, bytes]) -> bool:
    return any(
        f"{path}{ending}" in held for ending in (".py", ".pyc", "/__init__.py", "/__init__.pyc")
    ) or any(name.startswith(f"{path}.cpython") for name in held)


@pytest.mark.parametrize("service", SERVICES)
def test_an_artifact_describes_the_aws_services_that_its_functions_may_call(
    compiled: dict[str, Compiled], service: str
) -> None:
    policies = [
        statement
        for properties in compiled[service].of_type("AWS::IAM::Role").values()
        for policy in properties.get("Policies", ())
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    actions = json.dumps([statement.get("Action") for statement in policies])
    held = names(compiled[service].artifact)
    for prefix, model in (("dynamodb", "dynamodb"), ("ssm", "ssm"), ("states", "stepfunctions")):
        described = any(re.fullmatch(rf"aws_models/{model}/[^/]+/service-2\.json", name) for name in held)
        assert described == (f'"{prefix}:' in actions), model


def test_clients_made_from_an_artifact_are_made_from_its_models(local_artifact: Path) -> None:
    run = (
        f"import sys; sys.path.insert(0, {str(local_artifact / 'unpacked')!r})\n"
        "from service_kit import aws\n"
        "s3 = aws.client('s3')\n"
        "print(aws.session().get_available_services(), s3.meta.endpoint_url)\n"
    )
    environment = {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
        "LAMBDA_TASK_ROOT": str(local_artifact / "unpacked"),
    }
    answer = subprocess.run(
        [str(Checkout(ROOT).emulator_python), "-B", "-c", run],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert answer.stdout.strip() == "['s3'] https://s3.eu-central-1.amazonaws.com", answer.stderr


@pytest.mark.usefixtures("lambda_python")
@pytest.mark.parametrize("service", SERVICES)
def test_bytecode_in_an_artifact_is_valid_for_lambda(compiled: dict[str, Compiled], service: str) -> None:
    installed = compiled[service].folder / ".serverless" / "packages"
    assert_bytecode_is_valid(compiled[service].artifact, MAGIC_OF_3_13, installed)


def test_bytecode_for_the_emulator_is_valid_for_its_interpreter(local_artifact: Path) -> None:
    ask = "import importlib.util, sys; sys.stdout.buffer.write(importlib.util.MAGIC_NUMBER)"
    answer = subprocess.run([str(Checkout(ROOT).emulator_python), "-c", ask], capture_output=True, check=True)
    assert_bytecode_is_valid(local_artifact / "events.zip", answer.stdout, local_artifact / "installed")


def test_the_emulators_interpreter_runs_what_is_packaged(local_artifact: Path) -> None:
    run = (
        f"import sys; sys.path.insert(0, {str(local_artifact / 'unpacked')!r})\n"
        "import pydantic, events.handlers.event_logger\n"
        "print(pydantic.TypeAdapter(int).validate_python('3'), pydantic.__file__)\n"
    )
    environment = {"POWERTOOLS_SERVICE_NAME": "events", "STAGE": "local", "AWS_REGION": "us-east-1"}
    answer = subprocess.run(
        [str(Checkout(ROOT).emulator_python), "-B", "-c", run],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert answer.stdout.startswith("3 "), answer.stderr
    assert answer.stdout.strip().endswith("pydantic/__init__.pyc")


@pytest.mark.parametrize("service", SERVICES)
def test_an_openapi_document_is_put_beside_the_artifact(compiled: dict[str, Compiled], service: str) -> None:
    document = compiled[service].folder / "openapi.json"
    built = compiled[service].artifact.with_name("openapi.json")
    assert built.is_file() == document.is_file()
    if built.is_file():
        assert built.read_bytes() == document.read_bytes()


def test_the_same_sources_give_the_same_bytes_without_what_an_earlier_build_left(
    compiled: dict[str, Compiled], tmp_path: Path
) -> None:
    events = compiled["events"]
    before = hashlib.sha256(events.artifact.read_bytes()).hexdigest()
    kept = shutil.move(ARCHIVES, tmp_path / "archives")
    try:
        package(events.folder)
        assert hashlib.sha256(events.artifact.read_bytes()).hexdigest() == before
    finally:
        shutil.copytree(kept, ARCHIVES, dirs_exist_ok=True)


def test_prod_gets_byte_for_byte_what_staging_tested(compiled: dict[str, Compiled]) -> None:
    events = compiled["events"]
    prod = events.artifact.read_bytes()
    package(events.folder, "staging")
    staging = events.artifact.read_bytes()
    package(events.folder)
    assert staging == prod


def test_the_same_sources_compile_to_the_same_template(compiled: dict[str, Compiled]) -> None:
    events = compiled["events"]
    package(events.folder, STAGE, *OPTED_IN)
    again = json.loads(
        (events.folder / ".serverless" / "cloudformation-template-update-stack.json").read_text()
    )
    for template in (again, events.template):
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                # Where the artifact is uploaded holds the time; its hash decides whether it is deployed.
                resource["Properties"]["Code"].pop("S3Key", None)
    assert again == events.template


@pytest.mark.usefixtures("lambda_python")
def test_an_edit_of_the_shared_library_is_in_the_next_artifact(compiled: dict[str, Compiled]) -> None:
    events = compiled["events"]
    edited = SERVICE_KIT / "__init__.py"
    before = edited.read_bytes()
    shipped = contents(events.artifact)["service_kit/__init__.pyc"]
    edited.write_bytes(before + b"_EDITED = 'only here while a test runs'\n")
    try:
        package(events.folder)
        assert b"only here while a test runs" in contents(events.artifact)["service_kit/__init__.pyc"]
    finally:
        edited.write_bytes(before)
        package(events.folder)
    assert contents(events.artifact)["service_kit/__init__.pyc"] == shipped
