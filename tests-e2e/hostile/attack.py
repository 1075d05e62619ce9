"""One service attacked with what Schemathesis makes of its OpenAPI document."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import schemathesis
from schemathesis.engine import events, from_schema

from hostile.effort import Effort
from hostile.signatures import IdToken, Signature
from steps.given import User
from steps.shop.catalogue import A_RESTAURANT  # only-with-example-services
from support.stage import REPOSITORY, Stage

# Every one of them says that the document and the service disagree, or that the service broke.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "use_after_free",
    "ensure_resource_availability",
)
TIMEOUT_SECONDS = 30

# What one answer tells must not get into other requests by chance: it would delete what a stage has.
_NOTHING_OF_OTHERS = {"extra-data-sources": {"responses": False}}
_REAL_VALUES: dict[str, Any] = {
    # What exists on every stage, since a name that is made up never does.
    # begin only-with-example-services
    "restaurantName": {"enum": [A_RESTAURANT]},
    "file": {"enum": ["app.js", "style.css", "favicon.svg"]},
    # end only-with-example-services
}
_FITTING_VALUES: dict[str, Any] = {
    # What is accepted, where most of what fits the document's pattern is refused.
    "name": {"type": "string", "pattern": "^[A-Za-zéß %+🍔]{1,40}$"},  # only-with-example-services
}


@dataclass
class Outcome:
    """What came of an attack.

    Attributes:
        answers: How often each operation answered with each status.
        followed: How many requests went on, along a link, with what another had answered.
        faults: What was wrong, each with the request that shows it.
        changed: What was answered with 200 to other requests than GET, each with its operation.
    """

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    followed: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    changed: list[tuple[str, Any]] = field(default_factory=list)


def document_of(service: str) -> dict[str, Any]:
    """Return the OpenAPI document of a service."""
    file = REPOSITORY / "services" / service / "openapi.json"
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def documented_services() -> list[str]:
    """Return the services that have a document."""
    return sorted(file.parent.name for file in REPOSITORY.glob("services/*/openapi.json"))


def operations_of(service: str) -> set[str]:
    """Return the ids of a service's operations."""
    return {operation["operationId"] for operation in _operations(document_of(service))}


def links_of(service: str) -> set[str]:
    """Return the ids of a service's operations that go on with what another has answered."""
    return _link_targets(document_of(service))


def attack(stage: Stage, service: str, user: User, effort: Effort) -> Outcome:
    """Send a service what its document allows and what it forbids, and check every answer against it.

    Args:
        stage: The stage.
        service: The service to attack.
        user: Whose ID token to send; the suite's own credentials sign where a route asks for that.
        effort: How hard to try.
    """
    document = _naming_real_things(document_of(service))
    return _execute(
        document, _config(stage, service, effort, ("examples", "coverage", "fuzzing")), stage, user
    )


def walk(
    stage: Stage, service: str, user: User, effort: Effort, *, from_posts: bool, values: Mapping[str, Any]
) -> Outcome:
    """Go on with what a service answers, along the links of its document, and check every answer.

    Args:
        stage: The stage.
        service: The service.
        user: Whose ID token to send.
        effort: How many walks, and their seed.
        from_posts: Whether walks begin with a POST, as Schemathesis prefers. Without, they begin with other
            operations, and leave out those that are a POST.
        values: Schemas of what parameters of some names are, so that requests name what exists.
    """
    # Links lead on from what really happened, and there are few steps in which to come upon it.
    values = {**_REAL_VALUES, **_FITTING_VALUES, **values}
    document = _naming_real_things(document_of(service), values)
    for operation in _operations(document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        schema = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
        properties = document["components"]["schemas"].get(schema, {}).get("properties", {})
        properties |= {name: value for name, value in values.items() if name in properties}
    walked = _linked(document) - (set() if from_posts else _posts(document))
    for methods in document["paths"].values():
        for method, operation in list(methods.items()):
            if operation["operationId"] not in walked:
                del methods[method]
            for answer in operation["responses"].values():
                for link in set(answer.get("links", {})) - walked:
                    del answer["links"][link]
    return _execute(document, _config(stage, service, effort, ("stateful",)), stage, user)


def _execute(document: Any, config: schemathesis.Config, stage: Stage, user: User) -> Outcome:
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.auth.set_from_requests(IdToken(user)).apply_to(lambda context: _asks_for(context, "idToken"))
    schema.auth.set_from_requests(Signature(stage)).apply_to(
        lambda context: _asks_for(context, "signatureV4")
    )
    outcome = Outcome()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(outcome, event, secret=user.id_token)
        elif isinstance(event, (events.NonFatalError, events.FatalError)):
            outcome.faults[f"Schemathesis itself: {event}"] = ""
    return outcome


def _operations(document: Any) -> list[dict[str, Any]]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def _links(operation: Any) -> dict[str, Any]:
    return {
        name: link
        for answer in operation["responses"].values()
        for name, link in answer.get("links", {}).items()
    }


def _link_targets(document: Any) -> set[str]:
    return {link["operationId"] for operation in _operations(document) for link in _links(operation).values()}


def _linked(document: Any) -> set[str]:
    sources = {operation["operationId"] for operation in _operations(document) if _links(operation)}
    return sources | _link_targets(document)


def _posts(document: Any) -> set[str]:
    return {methods["post"]["operationId"] for methods in document["paths"].values() if "post" in methods}


def _config(stage: Stage, service: str, effort: Effort, phases: tuple[str, ...]) -> schemathesis.Config:
    return schemathesis.Config.from_dict(
        {
            "seed": effort.seed,
            "base-url": stage.service_url(service),
            "request-timeout": TIMEOUT_SECONDS,
            "continue-on-failure": True,
            "generation": {
                "max-examples": effort.examples,
                "database": "none",
                "with-security-parameters": False,
            },
            "checks": {"enabled": False, **{name: {"enabled": True} for name in _checks(phases)}},
            "phases": {
                "examples": {"enabled": "examples" in phases, **_NOTHING_OF_OTHERS},
                # Other methods are answered by API Gateway, before any service is asked.
                "coverage": {"enabled": "coverage" in phases, "unexpected-methods": [], **_NOTHING_OF_OTHERS},
                "fuzzing": {"enabled": "fuzzing" in phases, **_NOTHING_OF_OTHERS},
                # The document's own links, and no guesses at further ones.
                "stateful": {"enabled": "stateful" in phases, "inference": {"algorithms": []}},
            },
        }
    )


def _checks(phases: tuple[str, ...]) -> set[str]:
    """Return what to check: walks narrow the document, so what that forbids a service may well accept."""
    return set(CHECKS) - ({"negative_data_rejection"} if "stateful" in phases else set())


def _asks_for(context: Any, scheme: str) -> bool:
    security = context.operation.definition.raw.get("security", [])
    return any(scheme in alternative for alternative in security)


def _naming_real_things(document: Any, alone: dict[str, Any] | None = None) -> Any:
    """Let requests find what they ask for: add what exists to what is allowed, or let `alone` stand alone.

    What stands alone does so in parameters only: answers have properties too, and may name other things.
    """
    if isinstance(document, list):
        return [_naming_real_things(one, alone) for one in document]
    if not isinstance(document, dict):
        return document
    named = {name: _naming_real_things(value, alone) for name, value in document.items()}
    parameters = alone or _REAL_VALUES
    if "in" in document and document.get("name") in parameters:
        real = parameters[document["name"]]
        named["schema"] = real if alone else {"anyOf": [real, named["schema"]]}
    if not alone and isinstance(named.get("properties"), dict):
        named["properties"] |= {
            name: {"anyOf": [_REAL_VALUES[name], schema]}
            for name, schema in named["properties"].items()
            if name in _REAL_VALUES
        }
    return named


def _note(outcome: Outcome, event: events.ScenarioFinished, *, secret: str) -> None:
    recorder = event.recorder
    for case_id, interaction in recorder.interactions.items():
        if interaction.response is None:
            continue
        node = recorder.cases[case_id]
        operation = node.value.operation.definition.raw["operationId"]
        status = interaction.response.status_code
        outcome.answers[operation, status] += 1
        if node.transition is not None:
            outcome.followed[operation] += 1
        if node.value.method.upper() != "GET" and status == HTTPStatus.OK:
            outcome.changed.append((operation, interaction.response.json()))
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                key = f"{failure.operation}: {failure.title}: {failure.message}"
                outcome.faults.setdefault(key, check.failure_info.code_sample.replace(secret, "…"))
