"""What functions read from SSM, and what they may read."""

import ast
import inspect
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devtools.contracts.handler_import import environment_of, handler_of
from service_kit.parameters import Config, Parameter, Published, Secret, Text
from stagectl.checkout.services import package_of
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES

# As the paths of parameters have them, where serverless.yml has its expressions.
STAGE, SSM_STAGE = "a-stage", "its-ssm-stage"
KINDS = {kind.__name__ for kind in (Config, Parameter, Published, Secret, Text)}
FUNCTIONS = [
    (service, key)
    for service in SERVICES
    for key in load_mapping(ROOT / "services" / service / "serverless.yml")["functions"]
]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowed(document: dict[str, Any], key: str, action: str) -> Iterator[str]:
    """Yield the resources of a function's own statements that allow an action."""
    for statement in document["functions"][key]["iamRoleStatements"]:
        if any(re.fullmatch(one.replace("*", ".*"), action) for one in as_list(statement["Action"])):
            yield from map(str, as_list(statement["Resource"]))


def readable(document: dict[str, Any], key: str) -> set[str]:
    """Return the paths of the parameters that a function may read."""
    return {
        resource.partition(":parameter")[2]
        .replace("${self:service}", document["service"])
        .replace("${sls:stage}", STAGE)
        .replace("${param:ssmStage}", SSM_STAGE)
        for action in ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")
        for resource in allowed(document, key, action)
    }


def parameters_made_in(source: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
            yield node


def published_for(build: Callable[[], object]) -> Iterator[Published]:
    """Yield what a function of `wiring` lets its adapter read, without building it."""
    for call in parameters_made_in(inspect.getsource(build)):
        assert ast.unparse(call.func) == "Published", "an adapter reads what stacks publish, and no other"
        yield Published(*(ast.literal_eval(argument) for argument in call.args))


@pytest.mark.parametrize(("service", "key"), FUNCTIONS)
def test_a_function_may_read_the_parameters_that_it_asks_for_and_no_other(service: str, key: str) -> None:
    document = load_mapping(ROOT / "services" / service / "serverless.yml")
    contract = handler_of(document, key).contract
    asked_for = [
        *contract.parameters.values(),
        *(published for build in contract.uses for published in published_for(build)),
    ]
    with environment_of(document, key):
        os.environ.update({"STAGE": STAGE, "SSM_STAGE": SSM_STAGE})
        paths = {parameter.path for parameter in asked_for}

    assert paths == readable(document, key)
    decrypts = any(isinstance(parameter, Secret) for parameter in asked_for)
    assert decrypts == bool(list(allowed(document, key, "kms:Decrypt")))


@pytest.mark.parametrize("service", SERVICES)
def test_only_signatures_and_wiring_say_what_is_read_from_ssm(service: str) -> None:
    package = ROOT / "services" / service / package_of(service)
    elsewhere = [
        path.name
        for path in package.rglob("*.py")
        if path.name != "wiring.py" and list(parameters_made_in(path.read_text()))
    ]
    assert elsewhere == []
