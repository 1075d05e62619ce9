"""Rules of the bus in compiled templates: which events they match, and who reads what they deliver."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Consumer:
    """A queue that receives an event, and who reads it.

    Attributes:
        service: The service that owns the queue.
        function: The function that reads it, by its key in serverless.yml; None when a command does.
        queue: Name of the queue without service and stage.
        source: The queue's properties.
        failures: The properties of its dead-letter queue.
    """

    service: str
    function: str | None
    queue: str
    source: Mapping[str, Any]
    failures: Mapping[str, Any]


def of_type(template: Mapping[str, Any], resource_type: str) -> dict[str, dict[str, Any]]:
    """Return the properties of the resources of a type that exist on every stage, by their logical ids."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == resource_type and "Condition" not in resource
    }


def matches(pattern: Mapping[str, Any], detail_type: str) -> bool:
    """Return whether an event pattern matches a detail-type; one that names none matches all."""
    wanted = pattern.get("detail-type")
    if wanted is None:
        return True
    excluded = [one["anything-but"] for one in wanted if isinstance(one, dict)]
    return detail_type in wanted or any(detail_type not in _as_list(one) for one in excluded)


def consumers(templates: Mapping[str, Mapping[str, Any]], detail_type: str) -> Iterator[Consumer]:
    """Yield the consumers of an event, in the order of their services' names."""
    for service in sorted(templates):
        template = templates[service]
        queues = of_type(template, "AWS::SQS::Queue")
        for rule in of_type(template, "AWS::Events::Rule").values():
            if matches(rule["EventPattern"], detail_type):
                for target in rule["Targets"]:
                    queue = queues[target["Arn"]["Fn::GetAtt"][0]]
                    failures = queues[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
                    yield Consumer(
                        service,
                        _reader(service, template, target["Arn"]),
                        _short(service, rule["Name"]),
                        queue,
                        failures,
                    )


def _reader(service: str, template: Mapping[str, Any], queue: Mapping[str, Any]) -> str | None:
    functions = of_type(template, "AWS::Lambda::Function")
    for mapping in of_type(template, "AWS::Lambda::EventSourceMapping").values():
        if mapping["EventSourceArn"] == queue:
            # Of a released function it names the alias.
            named = mapping["FunctionName"]
            function = named["Fn::Join"][1][0] if "Fn::Join" in named else named
            return _short(service, functions[function["Fn::GetAtt"][0]]["FunctionName"])
    return None


def _short(service: str, name: str) -> str:
    """Return a name without `{service}-{stage}-`; the templates are those of one stage without a dash."""
    return name.removeprefix(f"{service}-").partition("-")[2]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
