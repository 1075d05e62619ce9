"""What a template takes from the outputs of other stacks: exports of CloudFormation, and `${cf:…}` of sls."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stagectl.checkout.ssm_handoff import values
from stagectl.checkout.yaml_loader import load

_STACK = re.compile(r"\$\{cf(?:\([^)]*\))?:(.+?)\.")


def producers(templates: Mapping[str, Iterable[Path]]) -> dict[str, dict[str, Path]]:
    """Return for each service the services whose outputs it takes, each with the template that says so.

    An export counts as taken by a template that writes the same name, variables included.

    Args:
        templates: The templates of each service, by its name.
    """
    documents = {name: {path: load(path) for path in paths} for name, paths in templates.items()}
    exports = {
        export: name
        for name, loaded in documents.items()
        for document in loaded.values()
        for export in _exports(document)
    }
    return {
        name: {
            producer: path
            for path, document in loaded.items()
            for text in values(document)
            if isinstance(text, str)
            for producer in _producers(text, exports, documents)
            if producer != name
        }
        for name, loaded in documents.items()
    }


def _exports(document: Any) -> Iterator[str]:
    for value in values(document):
        if isinstance(value, dict) and isinstance(value.get("Export"), dict):
            yield str(value["Export"].get("Name"))


def _producers(text: str, exports: Mapping[str, str], services: Iterable[str]) -> Iterator[str]:
    if text in exports:
        yield exports[text]
    for stack in _STACK.findall(text):
        # Stacks are called `{service}-{stage}`; when several fit, the longest name counts.
        fitting = [name for name in services if stack.startswith(f"{name}-")]
        yield from sorted(fitting, key=len)[-1:]
