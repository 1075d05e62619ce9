"""An API is deployed again exactly when something has changed of what its deployment is a copy of."""

import copy
import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .conftest import ROOT, Compiled

Resources = dict[str, dict[str, Any]]

PLUGIN = ROOT / "libs" / "serverless_plugins" / "api_snapshot.cjs"
HASH_EACH = """
const { hashOf } = require(process.argv[1]);
const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(given.map(hashOf)));
"""
COPIED = ("Authorizer", "GatewayResponse", "Method", "Model", "RequestValidator", "Resource", "RestApi")
NAMES = {"Name", "Description", "Tags"}


def hashes(variants: list[Resources]) -> list[str]:
    """Ask the plugin under which hash each of these would be deployed."""
    command = ["node", "--eval", HASH_EACH, str(PLUGIN)]
    done = subprocess.run(command, input=json.dumps(variants), capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


def api_resources(template: Compiled) -> Resources:
    return {
        name: resource
        for name, resource in template.resources.items()
        if resource["Type"].startswith("AWS::ApiGateway::")
    }


def is_copied(resource: dict[str, Any]) -> bool:
    return resource["Type"].removeprefix("AWS::ApiGateway::") in COPIED


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value of a document that holds no others."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = False
    for key, value in members:
        found = True
        yield from leaves(value, (*path, key))
    if not found:
        yield path


def changed(resource: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """Return a copy of a resource of which one value is another."""
    copied = copy.deepcopy(resource)
    node = copied
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = ["another"]
    return copied


@pytest.fixture(scope="module")
def apis(compiled: dict[str, Compiled]) -> dict[str, Resources]:
    found = {stack: api_resources(template) for stack, template in compiled.items()}
    return {stack: resources for stack, resources in found.items() if resources}


def test_every_property_of_what_is_copied_counts(apis: dict[str, Resources]) -> None:
    all_resources = [(name, resource) for resources in apis.values() for name, resource in resources.items()]
    # A process for each resource would take longer than all hashes.
    usual = hashes([{name: resource} for name, resource in all_resources])
    ways = [
        (name, resource, path, as_is)
        for (name, resource), as_is in zip(all_resources, usual, strict=True)
        for path in leaves(resource["Properties"], ("Properties",))
    ]
    others = hashes([{name: changed(resource, path)} for name, resource, path, _ in ways])
    unnoticed = [
        (name, resource["Type"], path)
        for (name, resource, path, as_is), found in zip(ways, others, strict=True)
        if found == as_is and is_copied(resource) and path[1] not in NAMES
    ]
    assert unnoticed == []


def test_what_is_not_copied_and_what_an_api_is_called_do_not_count(apis: dict[str, Resources]) -> None:
    for resources in apis.values():
        variants = [resources]
        for name, resource in resources.items():
            if not is_copied(resource):
                ways = [("Properties", *path) for path in leaves(resource["Properties"])]
                variants += [{**resources, name: changed(resource, path)} for path in ways]
        variants += [{**resources, "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"A": 1}}}]
        assert len(set(hashes(variants))) == 1


def test_every_resource_of_an_api_counts(apis: dict[str, Resources]) -> None:
    for resources in apis.values():
        copied = [name for name, resource in resources.items() if is_copied(resource)]
        without = [{other: it for other, it in resources.items() if other != name} for name in copied]
        assert len(set(hashes([resources, *without]))) == 1 + len(copied)


Change = Callable[[Resources], object]


def of_api(**properties: Any) -> Change:
    return lambda resources: resources["ApiGatewayRestApi"]["Properties"].update(properties)


def attributes(**members: Any) -> Change:
    return lambda resources: resources["ApiGatewayRestApi"].update(members)


def reversed_members(resources: Resources) -> None:
    for name in list(resources):
        resource = resources.pop(name)
        resources[name] = {
            **dict(reversed(resource.items())),
            "Properties": dict(reversed(resource["Properties"].items())),
        }


@pytest.mark.parametrize(
    ("change", "is_another"),
    [
        pytest.param(of_api(BinaryMediaTypes=["image/*"]), True, id="binary media types"),
        pytest.param(of_api(EndpointConfiguration={"Types": ["EDGE"]}), True, id="endpoint"),
        pytest.param(of_api(MinimumCompressionSize=2048), True, id="compression"),
        pytest.param(of_api(Policy={"Statement": []}), True, id="policy"),
        pytest.param(of_api(ApiKeySourceType="AUTHORIZER"), True, id="key source"),
        pytest.param(of_api(DisableExecuteApiEndpoint=True), True, id="default endpoint"),
        pytest.param(of_api(Name="another"), False, id="name"),
        pytest.param(of_api(Description="another"), False, id="description"),
        pytest.param(of_api(Tags=[{"Key": "a", "Value": "b"}]), False, id="tags"),
        pytest.param(attributes(DependsOn=["Table"]), False, id="order of making"),
        pytest.param(attributes(DeletionPolicy="Retain"), False, id="deletion policy"),
        pytest.param(reversed_members, False, id="order of members"),
    ],
)
def test_an_api_is_deployed_again_when_its_answers_change_and_only_then(
    apis: dict[str, Resources], change: Change, is_another: bool
) -> None:
    for resources in apis.values():
        other = copy.deepcopy(resources)
        change(other)
        usual, found = hashes([resources, other])
        assert (found != usual) == is_another


def test_a_deployment_is_called_by_its_hash_and_made_after_what_it_copies(
    apis: dict[str, Resources],
) -> None:
    for resources in apis.values():
        [deployment] = [name for name, it in resources.items() if it["Type"] == "AWS::ApiGateway::Deployment"]
        assert deployment == f"ApiGatewayDeployment{hashes([resources])[0]}"
        copied = {name for name, resource in resources.items() if is_copied(resource)}
        assert set(resources[deployment]["DependsOn"]) == copied
