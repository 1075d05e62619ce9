"""Contracts that are generated from the services' own models, so that nobody writes them twice.

API Gateway's request models come from the models that handlers parse bodies with, and the schemas of events
from the models that producers publish.
"""

import importlib
import inspect
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stagectl.errors import StacksError
from stagectl.yaml_loader import load_mapping

_OWN_VALUE = re.compile(r"\$\{self:([^}]+)\}")
_SCHEMA_FILE = re.compile(r"\$\{file\(\./(schemas/[a-z0-9-]+\.json)\)\}")
_DRAFT = "http://json-schema.org/draft-04/schema#"


def generate(root: Path) -> dict[Path, str]:
    """Give the text that each generated file of the checkout should hold.

    Raises:
        StacksError: a function names a request model and its handler parses no body.
    """
    files: dict[Path, str] = {}
    for folder in sorted(path.parent for path in root.glob("services/*/serverless.yml")):
        files |= _request_models(folder)
        files |= _event_schemas(folder)
    return files


def outdated(root: Path) -> list[Path]:
    """Give the generated files that do not hold what they should."""
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
            with _environment(document, function):
                handler = _handler(function["handler"])
            model = getattr(getattr(handler, "contract", None), "body", None)
            if model is None:
                raise StacksError(f"{folder.name}'s {key} names {file}, but its handler parses no body")
            files[folder / file] = _text({"$schema": _DRAFT} | _without_titles(model.model_json_schema()))
    return files


def _schema_files(function: Mapping[str, Any]) -> Iterator[str]:
    for event in function.get("events", []):
        schemas = ((event.get("http") or {}).get("request") or {}).get("schemas") or {}
        for reference in schemas.values():
            match = _SCHEMA_FILE.fullmatch(str(reference))
            if match:
                yield match.group(1)


def _event_schemas(folder: Path) -> dict[Path, str]:
    if not (folder / folder.name / "domain" / "events.py").is_file():
        return {}
    module = importlib.import_module(f"{folder.name}.domain.events")
    models = [
        model
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, BaseModel) and model.__module__ == module.__name__
    ]
    schemas = [model.model_json_schema(mode="serialization") for model in models]
    return {folder / "events" / f"{schema['title']}.schema.json": _text(schema) for schema in schemas}


def _handler(reference: str) -> Any:
    module, _, name = reference.rpartition(".")
    return getattr(importlib.import_module(module), name)


@contextmanager
def _environment(document: Mapping[str, Any], function: Mapping[str, Any]) -> Iterator[None]:
    """Import a handler as Lambda would, with the variables that serverless.yml gives it.

    What only a deployment knows, such as a table's name, does not show in a schema; its own expression stands
    in for it.
    """
    from service_kit.settings import clear_settings  # noqa: PLC0415 - only this command needs the services' library

    before = dict(os.environ)
    given = {
        name: _resolved(document, str(value)) for name, value in (function.get("environment") or {}).items()
    }
    os.environ.update(
        {"SERVICE_NAME": document["service"], "STAGE": "generated", "AWS_REGION": "us-east-1", **given}
    )
    clear_settings()
    # Handlers are imported anew, since some read limits from their environment while they are imported.
    for name in [name for name in sys.modules if name.split(".")[0] == document["service"]]:
        del sys.modules[name]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        clear_settings()


def _resolved(document: Mapping[str, Any], value: str) -> str:
    match = _OWN_VALUE.fullmatch(value)
    if match is None:
        return value
    node: Any = document
    for part in match.group(1).split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return value if node is None else str(node)


def _without_titles(schema: Any) -> Any:
    """Drop what pydantic adds for readers of Python; API Gateway shows none of it."""
    if isinstance(schema, list):
        return [_without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _properties(value) if name == "properties" else _without_titles(value)
        for name, value in schema.items()
        if name not in {"title", "default"}
    }


def _properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _without_titles(schema) for name, schema in properties.items()}


def _text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
