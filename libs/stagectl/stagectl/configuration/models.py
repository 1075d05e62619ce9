"""The models of functions' configurations, as their handlers declare them in this checkout."""

import importlib
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stagectl.checkout.services import Stack
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import UsageError
from stagectl.terminal import hints

if TYPE_CHECKING:
    from pydantic import BaseModel

    from service_kit.parameters import Config


def of_function(stacks: Mapping[str, Stack], chosen: str) -> "tuple[Config[Any], Stack]":
    """Return the configuration of a function, and the stack of the function.

    Args:
        stacks: The stacks of the checkout.
        chosen: `SERVICE/FUNCTION`.

    Raises:
        UsageError: There is no such function, it has no configuration, or it cannot be imported here.
    """
    try:
        from service_kit.parameters import Config  # noqa: PLC0415, takes longer to import than most commands run
    except ImportError:
        raise UsageError(
            "The package service_kit is not installed beside stagectl, so no configuration can be read."
        ) from None

    service, _, function = chosen.partition("/")
    if service not in stacks or function not in stacks[service].functions:
        known = [f"{stack.name}/{key}" for stack in stacks.values() for key in stack.functions]
        raise UsageError(hints.unknown("function", chosen, known))
    document = load_mapping(stacks[service].folder / "serverless.yml")
    module, _, name = document["functions"][function]["handler"].rpartition(".")
    sys.path.append(str(stacks[service].folder))  # where the handlers of other repositories are
    try:
        handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    except ImportError as error:
        raise UsageError(
            f"{chosen} cannot be imported: {error}. Install what it needs beside stagectl."
        ) from None
    contract = getattr(handler, "contract", None)
    for parameter in contract.parameters.values() if contract else ():
        if isinstance(parameter, Config):
            return parameter, stacks[service]
    raise UsageError(f"{chosen} has no configuration: its handler has no parameter with a model.")


def checked(model: "type[BaseModel]", text: str, *, written_at: datetime | None = None) -> dict[str, Any]:
    """Return the fields of a configuration's JSON if it is valid.

    It is checked more strictly than functions read it: unknown fields, and numbers in quotes, are refused.

    Args:
        model: What the function reads it with.
        text: The JSON.
        written_at: The time of writing, before which no flag may end; None for a value that was valid once.

    Raises:
        UsageError: It is not valid; the message names each field.
    """
    from pydantic import ValidationError  # noqa: PLC0415, as above

    from service_kit.parameters.flags import WRITTEN_AT  # noqa: PLC0415, as above

    context = {WRITTEN_AT: written_at.astimezone(UTC)} if written_at else None
    try:
        model.model_validate_json(text, strict=True, extra="forbid", context=context)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        reasons = "\n".join(
            f"  {'.'.join(map(str, fault['loc'])) or 'document'}: {fault['msg']}" for fault in faults
        )
        raise UsageError(f"Nothing was written, as the configuration is not valid:\n{reasons}") from None
    fields: dict[str, Any] = json.loads(text)
    return fields
