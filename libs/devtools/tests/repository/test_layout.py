"""Rules that every service's sources keep."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl.checkout.services import package_of
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES

AWS_LIBRARIES = {"boto3", "botocore", "aws_lambda_powertools", "service_kit"}
# It says what a model's field is, and calls nothing.
MARK_OF_MODELS = "service_kit.personal_data"


def modules_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def sources(service: str, layer: str) -> list[Path]:
    return sorted((ROOT / "services" / service / package_of(service) / layer).glob("**/*.py"))


@pytest.mark.parametrize("service", SERVICES)
def test_the_domain_knows_nothing_of_aws_or_of_who_calls_it(service: str) -> None:
    wrong = [
        (path.name, module)
        for path in sources(service, "domain")
        for module in modules_of(path)
        if (module.split(".")[0] in AWS_LIBRARIES and module != MARK_OF_MODELS)
        or module.startswith(
            tuple(
                f"{package_of(service)}.{layer}" for layer in ("handlers", "adapters", "wiring", "settings")
            )
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_adapters_never_call_each_other_nor_handlers(service: str) -> None:
    wrong = [
        (path.name, module)
        for path in sources(service, "adapters")
        for module in modules_of(path)
        if module.startswith(
            tuple(f"{package_of(service)}.{layer}" for layer in ("handlers", "adapters", "wiring"))
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_get_their_adapters_from_wiring(service: str) -> None:
    wrong = [
        (path.name, module)
        for path in sources(service, "handlers")
        for module in modules_of(path)
        if module.startswith(f"{package_of(service)}.adapters")
    ]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_take_adapters_from_wiring(service: str) -> None:
    wrong = [
        (path.name, module)
        for path in sources(service, "handlers")
        for module in modules_of(path)
        if module.startswith(f"{package_of(service)}.adapters")
    ]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_only_settings_read_the_environment(service: str) -> None:
    wrong = [
        path.name
        for path in (ROOT / "services" / service / package_of(service)).glob("**/*.py")
        if "os.environ" in path.read_text() and path.name != "settings.py"
    ]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_module_can_be_imported_without_any_variable(service: str) -> None:
    folder = ROOT / "services" / service
    modules = [
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in (folder / package_of(service)).rglob("*.py")
        if path.name != "__init__.py"
    ]
    program = f"import importlib\nfor module in {modules}: importlib.import_module(module)"
    imported = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env={}, capture_output=True, text=True, check=False
    )
    assert imported.returncode == 0, imported.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_use_case_has_one_name_everywhere(service: str) -> None:
    folder = ROOT / "services" / service
    for key, function in load_mapping(folder / "serverless.yml")["functions"].items():
        use_case = key.replace("-", "_")
        assert function["handler"] == f"{package_of(service)}.handlers.{use_case}.handle"
        assert (folder / package_of(service) / "handlers" / f"{use_case}.py").is_file()
        assert (folder / "tests" / f"test_{use_case}.py").is_file(), f"{key} has no test of its name"


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_says_what_it_may_do(service: str) -> None:
    functions = load_mapping(ROOT / "services" / service / "serverless.yml")["functions"]
    assert [key for key, function in functions.items() if "iamRoleStatements" not in function] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_a_readme_and_locked_requirements(service: str) -> None:
    folder = ROOT / "services" / service
    assert (folder / "README.md").is_file()
    locked = (folder / "requirements.txt").read_text()
    assert "--hash=sha256:" in locked


def test_no_lock_file_names_a_host() -> None:
    locks = [
        ROOT / "package-lock.json",
        *ROOT.glob("**/requirements.txt"),
        *ROOT.glob("**/*-requirements.txt"),
    ]
    ours = [path for path in locks if "node_modules" not in path.parts and ".serverless" not in path.parts]
    named = ('"resolved": "http', "--index-url", "--extra-index-url", "--find-links", " @ http")
    assert [path for path in ours if any(word in path.read_text() for word in named)] == []
