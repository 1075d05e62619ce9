"""How much memory each function has, and why."""

from typing import Any

import pytest

from stagectl.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES, Compiled


def table(service: str) -> dict[str, dict[str, Any]]:
    return load_mapping(ROOT / "services" / service / "memory.yml")


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_has_a_size_with_a_reason_and_nothing_else_does(service: str) -> None:
    functions = load_mapping(ROOT / "services" / service / "serverless.yml")["functions"]
    sizes = table(service)
    assert sizes.keys() == functions.keys()
    assert [key for key, size in sizes.items() if not size["reason"].strip()] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_is_deployed_with_its_size(compiled: dict[str, Compiled], service: str) -> None:
    functions = compiled[service].of_type("AWS::Lambda::Function").values()
    deployed = {function["FunctionName"]: function["MemorySize"] for function in functions}
    wanted = {f"{service}-prod-{key}": size["megabytes"] for key, size in table(service).items()}
    assert wanted.items() <= deployed.items()
