"""Read YAML of the Serverless Framework and CloudFormation."""

from pathlib import Path
from typing import Any

import yaml

from stagectl.errors import StacksError


class _TolerantLoader(yaml.CSafeLoader):
    """Reads `!Sub`, `!GetAtt` and their like as plain values: their meaning is CloudFormation's business."""


def _plain_value(loader: yaml.CSafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_TolerantLoader.add_multi_constructor("!", _plain_value)


def load(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        StacksError: The file is not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_TolerantLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else path
        problem = getattr(error, "problem", None) or error
        raise StacksError(f"{place}: this is not valid YAML: {problem}.") from error


def load_mapping(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds; an empty file is an empty mapping.

    Raises:
        StacksError: The file is not YAML, or its top level is not a mapping.
    """
    content = load(path)
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise StacksError(f"{path} must hold a mapping at its top level.")
    return content
