"""Generate contracts from the services' own models, so that each is written once.

API Gateway's request models come from the models that handlers parse bodies with, the schemas of events from
the models that producers publish, and the OpenAPI document of a service from its routes and from what its
handlers say of themselves. A README shows what its service promises.
"""

import importlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from devtools.contracts import legal, openapi, request_models, service_levels
from devtools.contracts.handler_import import environment_of, handler_of
from devtools.contracts.schema_text import as_text
from service_kit.events import EventMetadata
from service_kit.personal_data import MARK
from stagectl.checkout.routes import routes_of
from stagectl.checkout.services import package_of
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import StacksError

_SCHEMA_FILE = re.compile(r"\$\{file\(\./(schemas/[a-z0-9-]+\.json)\)\}")
_ARCHIVED_FIELDS = Path("services/events/events/domain/archived_fields.json")
_CORRELATION_ID = "5a1d0c3e-7b42-4f6d-9e21-8c4b7a90d3f5"


def generate(root: Path) -> dict[Path, str]:
    """Return the text that each generated file of the checkout should hold.

    Raises:
        StacksError: a function names a request model and its handler parses no body, or a route cannot be
            documented.
    """
    files: dict[Path, str] = {}
    for folder in sorted(path.parent for path in root.glob("services/*/serverless.yml")):
        files |= _request_models(folder)
        files |= _event_schemas(folder)
        files |= _openapi(folder)
        if (folder / legal.FOLDER).is_dir():
            files |= legal.generate(folder)
        if (folder / service_levels.FILE).is_file():
            files[folder / "README.md"] = service_levels.readme_with_levels(root, folder)
    archive = root / _ARCHIVED_FIELDS
    if archive.parent.is_dir():
        files[archive] = as_text(_archived_fields(root, files))
    return files


def outdated(root: Path) -> list[Path]:
    """Return the generated files that are out of date."""
    return [
        path
        for path, text in generate(root).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def write(root: Path) -> list[Path]:
    """Write the generated files that are out of date, and give them."""
    files = generate(root)
    changed = outdated(root)
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    return changed


def _request_models(folder: Path) -> dict[Path, str]:
    document = load_mapping(folder / "serverless.yml")
    files = {}
    for key, function in (document.get("functions") or {}).items():
        for file in _schema_files(function):
            model = getattr(getattr(handler_of(document, key), "contract", None), "body", None)
            if model is None:
                raise StacksError(f"{folder.name}'s {key} names {file}, but its handler parses no body.")
            with environment_of(document, key):
                schema = model.model_json_schema()
            files[folder / file] = as_text(request_models.of(schema))
    return files


def _schema_files(function: Mapping[str, Any]) -> Iterator[str]:
    for event in function.get("events", []):
        schemas = ((event.get("http") or {}).get("request") or {}).get("schemas") or {}
        for reference in schemas.values():
            match = _SCHEMA_FILE.fullmatch(str(reference))
            if match:
                yield match.group(1)


def _event_schemas(folder: Path) -> dict[Path, str]:
    package = package_of(folder.name)
    if not (folder / package / "domain" / "events.py").is_file():
        return {}
    module = importlib.import_module(f"{package}.domain.events")
    models = [
        model
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, BaseModel)
        and model.__module__ == module.__name__
        and "title" in model.model_config
    ]
    schemas = [_with_metadata(model.model_json_schema(mode="serialization")) for model in models]
    return {folder / "events" / f"{schema['title']}.schema.json": as_text(schema) for schema in schemas}


def _with_metadata(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an event with the metadata that is added to each when it is published.

    Its first example has all fields, its last one only those that every event has.
    """
    example = EventMetadata(correlation_id=_CORRELATION_ID).model_dump(by_alias=True)
    full = [one | {"metadata": example} for one in schema["examples"]]
    return schema | {
        "properties": schema["properties"] | {"metadata": EventMetadata.model_json_schema()},
        "examples": [*full, {name: full[0][name] for name in schema["required"]}],
    }


def _archived_fields(root: Path, generated: dict[Path, str]) -> dict[str, Any]:
    """Return the fields of each event that the archive keeps: those that are not personal data."""
    written = {
        path: path.read_text(encoding="utf-8") for path in root.glob("services/*/events/*.schema.json")
    }
    schemas = [
        json.loads(text)
        for path, text in (written | generated).items()
        if path.name.endswith(".schema.json") and path.parent.name == "events"
    ]
    return {schema["title"]: _impersonal(schema) for schema in sorted(schemas, key=lambda one: one["title"])}


def _impersonal(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _impersonal(field) if "properties" in field else True
        for name, field in schema["properties"].items()
        if field is not False and MARK not in field
    }


def _openapi(folder: Path) -> dict[Path, str]:
    declared = load_mapping(folder / "serverless.yml")
    routes = routes_of(declared)
    if not routes:
        return {}
    handlers = {route.function: handler_of(declared, route.function) for route in routes}
    document = openapi.document(
        declared["service"], routes, handlers, environment_of=partial(environment_of, declared)
    )
    return {folder / "openapi.json": as_text(document)}
