"""What DynamoDB counts: the size of an item, and the units of reading and writing it."""

import math
from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Mapping[str, Any]]

WRITE_UNIT_BYTES = 1024
READ_UNIT_BYTES = 4096


def item_bytes(item: Item) -> int:
    """Return the size of an item in DynamoDB's notation: names and values, in bytes."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def write_units(size_bytes: int) -> int:
    """Return what writing an item of that size costs."""
    return max(1, math.ceil(size_bytes / WRITE_UNIT_BYTES))


def read_units(size_bytes: int, *, is_consistent: bool) -> float:
    """Return what reading an item of that size costs, also when there is none."""
    return max(1, math.ceil(size_bytes / READ_UNIT_BYTES)) * (1 if is_consistent else 0.5)


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            digits = len(content.strip("-").replace(".", ""))
            return math.ceil(digits / 2) + 1
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(text.encode()) for text in content)
        case "L":
            return 3 + sum(1 + _value_bytes(element) for element in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_bytes(part) for name, part in content.items())
    raise ValueError(f"no size is known for a value of type {kind}")
