"""Generated documents, and the agreement of both sides."""

import importlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter, ValidationError

from devtools.contracts import documents
from service_kit.cursors import make_cursor
from service_kit.settings import clear_settings
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES


def test_no_generated_file_has_drifted() -> None:
    assert documents.outdated(ROOT) == [], "run `stagectl generate`"


def routes_with_models() -> list[tuple[str, Path]]:
    return [
        (service, path)
        for service in SERVICES
        for path in sorted((ROOT / "services" / service / "schemas").glob("*.json"))
    ]


BODIES: list[Any] = [
    {},
    [],
    None,
    "text",
    {"theme": "cartoon"},
    {"theme": ""},
    {"theme": "a" * 61},
    {"theme": 5},
    {"theme": "cartoon", "count": 1},
    {"theme": "cartoon", "count": 50},
    {"theme": "cartoon", "count": None},
    {"theme": "cartoon", "count": 0},
    {"theme": "cartoon", "count": 51},
    {"theme": "cartoon", "count": "3"},
    {"theme": "cartoon", "cursor": make_cursor("Fangtasia")},
    {"theme": "cartoon", "cursor": 1},
    {"theme": "cartoon", "unknown": True},
    {"restaurantName": "Fangtasia"},
    {"restaurantName": "Ünïcödé 🍔"},
    {"restaurantName": ""},
    {"restaurantName": "a" * 101},
    {"restaurantName": None},
    {"image": "assets/images/a.svg", "themes": ["cartoon"]},
    {"image": "assets/images/a.svg", "themes": []},
    {"image": "https://elsewhere.example/a.svg", "themes": []},
    {"image": "assets/images/a.svg", "themes": ["x"] * 11},
    {"image": "assets/images/a.svg"},
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: json.dumps(body)[:60])
@pytest.mark.parametrize(
    ("service", "schema"), routes_with_models(), ids=lambda value: getattr(value, "stem", value)
)
def test_api_gateway_and_the_handler_agree_on_a_body(
    service: str, schema: Path, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "POWERTOOLS_SERVICE_NAME": service,
        "STAGE": "test",
        "MAX_COUNT": "50",
        "TABLE_NAME": "x",
        "SERVICE_URL": "x",
    }.items():
        monkeypatch.setenv(name, value)
    clear_settings()
    key = schema.stem
    function = load_mapping(ROOT / "services" / service / "serverless.yml")["functions"][key]
    handler = importlib.import_module(function["handler"].rpartition(".")[0]).handle
    gateway = jsonschema.Draft4Validator(json.loads(schema.read_text())).is_valid(body)
    try:
        TypeAdapter(handler.contract.body).validate_python(body)
    except ValidationError:
        accepted = False
    else:
        accepted = True
    assert gateway == accepted


@pytest.mark.parametrize("name", ["user_erasure_requested", "user_erased"])
def test_the_events_of_erasures_are_written_as_their_schemas_say(name: str) -> None:
    # auth has no code to generate them from.
    schema = json.loads((ROOT / "services" / "auth" / "events" / f"{name}.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)

    assert schema["title"] == name
    assert [error.message for example in schema["examples"] for error in validator.iter_errors(example)] == []
    for example in schema["examples"]:
        assert all(not validator.is_valid(example | {one: None}) for one in schema["required"])
