"""Functions that serve no requests have checks of their own, since the default is a request."""

from importlib import import_module
from typing import Any

import pytest

from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES


def checks_of(service: str) -> dict[str, Any]:
    checks: dict[str, Any] = import_module(f"{service.replace('-', '_')}.release_checks").CHECKS
    return checks


def functions_of(service: str) -> dict[str, Any]:
    functions: dict[str, Any] = load_mapping(ROOT / "services" / service / "serverless.yml")["functions"]
    return functions


@pytest.mark.parametrize("service", SERVICES)
def test_each_function_without_a_route_has_checks(service: str) -> None:
    routeless = {
        name
        for name, function in functions_of(service).items()
        if not any("http" in event for event in function.get("events", []))
    }
    assert routeless <= {name for name, checks in checks_of(service).items() if checks}


@pytest.mark.parametrize("service", SERVICES)
def test_checks_are_of_functions_that_exist(service: str) -> None:
    assert checks_of(service).keys() <= functions_of(service).keys()
