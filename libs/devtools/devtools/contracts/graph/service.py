"""The graph of one service: its routes, functions, tables, queues, topics and buckets."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from devtools.contracts.graph.model import Edge, Graph, Node, Template, functions_in, named_in, resources

_FUNCTION = "AWS::Lambda::Function"
_NAMED = {
    "AWS::DynamoDB::Table": ("table", "TableName"),
    "AWS::SQS::Queue": ("queue", "QueueName"),
    "AWS::SNS::Topic": ("topic", "TopicName"),
    "AWS::StepFunctions::StateMachine": ("machine", "StateMachineName"),
    "AWS::S3::Bucket": ("bucket", "BucketName"),
}
_READING = re.compile(r":(?:Get|BatchGet|Query|Scan|ConditionCheck|List|Describe)")
_OF_A_SOURCE = re.compile(r"sqs:(?:Receive|Delete|Get|Change)|dynamodb:(?:GetRecords|GetShard|Describe|List)")
_BUS = Node("bus", "bus", "event bus")
_BUS_PARAMETER = "/eventBusArn"
_API_PARAMETER = "/apiArn"


def of_service(name: str, template: Template, stage: str) -> Graph:
    """Return the graph of a service's compiled template.

    An arrow to a table, queue, topic or another service is one that the function's role allows. Functions
    that CodeDeploy calls during a release, and dead-letter queues, are left out.

    Args:
        name: Name of the service.
        template: Its compiled template.
        stage: The stage that it was compiled for.
    """
    edges = sorted({*_routes(template), *_deliveries(template), *_grants(name, template)})
    hooks = set(_hooks(template))
    dead = set(_dead_letter_queues(template))
    edges = [edge for edge in edges if not {edge.source, edge.target} & (hooks | dead)]
    used = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = {node.id: node for node in _nodes(name, template, stage)}
    others = {end: Node(end, "service", end.removeprefix("service_")) for end in used if end not in nodes}
    every = {**nodes, _BUS.id: _BUS, **{end: node for end, node in others.items() if end != _BUS.id}}
    functions = {node.id for node in nodes.values() if node.kind == "function"} - hooks
    return Graph(tuple(sorted(node for end, node in every.items() if end in used | functions)), tuple(edges))


def _nodes(name: str, template: Template, stage: str) -> Iterator[Node]:
    def short(text: str) -> str:
        return text.removeprefix(f"{name}-{stage}").removeprefix("-") or name

    yield Node("api", "api", f"API of {name}")
    for function, properties in resources(template, _FUNCTION):
        yield Node(function, "function", short(properties["FunctionName"]))
    for resource_type, (kind, property_name) in _NAMED.items():
        for resource, properties in resources(template, resource_type):
            named = properties.get(property_name)
            shown = short(named) if isinstance(named, str) else resource.removesuffix("Bucket").lower()
            yield Node(resource, kind, shown)


def _routes(template: Template) -> Iterator[Edge]:
    for _, method in resources(template, "AWS::ApiGateway::Method"):
        path = _path(template, method["ResourceId"]) or "/"
        for function in functions_in(template, method["Integration"].get("Uri")):
            yield Edge("api", function, f"{method['HttpMethod']} {path}")
    for _, integration in resources(template, "AWS::ApiGatewayV2::Integration"):
        for function in functions_in(template, integration["IntegrationUri"]):
            yield Edge("api", function, "WebSocket")


def _path(template: Template, resource_id: Mapping[str, Any]) -> str:
    if "Ref" not in resource_id:
        return ""
    part = template["Resources"][resource_id["Ref"]]["Properties"]
    return f"{_path(template, part['ParentId'])}/{part['PathPart']}"


def _deliveries(template: Template) -> Iterator[Edge]:
    """Yield what reaches a function by a queue, a stream or a state machine, and a queue by a rule."""
    for _, mapping in resources(template, "AWS::Lambda::EventSourceMapping"):
        source = next(named_in(mapping["EventSourceArn"]))
        label = "stream" if "StreamArn" in json.dumps(mapping["EventSourceArn"]) else ""
        for function in functions_in(template, mapping["FunctionName"]):
            yield Edge(source, function, label)
    for _, rule in resources(template, "AWS::Events::Rule"):
        for target in rule["Targets"]:
            for queue in named_in(target["Arn"]):
                yield Edge(_BUS.id, queue, _events(rule["EventPattern"].get("detail-type")))
    for machine, properties in resources(template, "AWS::StepFunctions::StateMachine"):
        for function in functions_in(template, properties["DefinitionSubstitutions"]):
            yield Edge(machine, function)


def _events(detail_types: list[Any] | None) -> str:
    if detail_types is None or not all(isinstance(one, str) for one in detail_types):
        return "events"
    return ", ".join(detail_types)


def _grants(name: str, template: Template) -> Iterator[Edge]:
    """Yield what a function's role lets it use."""
    machines = {
        properties["StateMachineName"]: machine
        for machine, properties in resources(template, "AWS::StepFunctions::StateMachine")
    }
    for function, properties in resources(template, _FUNCTION):
        used: dict[str, set[str]] = {}
        for statement in _statements(template, properties["Role"]):
            actions = [one for one in statement["Action"] if not _OF_A_SOURCE.match(one)]
            for target in _targets(name, template, statement["Resource"], machines) if actions else ():
                used.setdefault(target, set()).update(actions)
        for target, granted in used.items():
            yield Edge(function, target, reads=all(_READING.search(one) for one in granted))


def _statements(template: Template, role: Any) -> Iterator[Mapping[str, Any]]:
    for name in named_in(role):
        for policy in template["Resources"].get(name, {}).get("Properties", {}).get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                action = statement["Action"]
                yield {**statement, "Action": [action] if isinstance(action, str) else action}


def _targets(service: str, template: Template, granted: Any, machines: Mapping[str, str]) -> Iterator[str]:
    text = json.dumps(granted)
    yield from (machine for named, machine in machines.items() if f":stateMachine:{named}" in text)
    for name in named_in(granted):
        parameter = str(template.get("Parameters", {}).get(name, {}).get("Default", ""))
        if template["Resources"].get(name, {}).get("Type") in _NAMED:
            yield name
        elif parameter.endswith(_BUS_PARAMETER):
            yield _BUS.id
        elif parameter.endswith(_API_PARAMETER):
            owner = parameter.split("/")[1]
            yield "api" if owner == service else f"service_{owner}"


def _hooks(template: Template) -> Iterator[str]:
    """Yield the functions that CodeDeploy calls."""
    for function, properties in resources(template, _FUNCTION):
        statements = _statements(template, properties["Role"])
        if any("codedeploy:" in action for statement in statements for action in statement["Action"]):
            yield function


def _dead_letter_queues(template: Template) -> Iterator[str]:
    for _, queue in resources(template, "AWS::SQS::Queue"):
        yield from named_in(queue.get("RedrivePolicy"))
    for _, mapping in resources(template, "AWS::Lambda::EventSourceMapping"):
        yield from named_in(mapping.get("DestinationConfig"))
