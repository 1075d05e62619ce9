"""What an order would use if the product were built as is usual, derived from what it was measured to use."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from stagectl.errors import StagectlError, UsageError
from stagectl.measured_consumption import Consumption, Use

MEMORY_MB = 1024
METHOD = (
    "Derived, not built: each line is the measured one, changed by these rules.",
    "Search: by a scan with a filter, whose read units were measured beside those of the index, in one run.",
    "Configuration: one call to SSM in each invocation, and one to KMS where it reads a secret.",
    "Lambda: 1,024 MB everywhere, and the call to SSM takes as long as it did where the rest was measured.",
    "Lambda: otherwise the same durations. With more memory AWS computes faster: this is the most it costs.",
    "All else is taken as equal: routes, queues, events, writes and the waiting for answers.",
)

_FUNCTION = re.compile(r"function (\S+)")
_SEARCH = "-search-restaurants"
_LAMBDA_SECONDS, _LAMBDA_REQUEST = "lambda-gb-second-arm64", "lambda-request"
_READ_UNIT = "dynamodb-read-request-unit"
_REPLACED = ("ssm-get-parameter", "kms-request")


def usual_consumption(measured: Consumption, *, more_units_of_a_search: float) -> Consumption:
    """Return what an order would use.

    Args:
        measured: What it uses.
        more_units_of_a_search: Read units that a search by scan takes more than one by index.

    Raises:
        StagectlError: A function was measured whose memory is not known.
    """
    return replace(measured, uses=tuple(_uses(measured, more_units_of_a_search)))


def more_units_of_a_search(path: Path, restaurants: int) -> float:
    """Return how many read units a search by scan takes more than one by index, as the benchmark measured.

    It is one by a theme that a few restaurants have.

    Raises:
        StagectlError: There is no such file, or it is something else.
        UsageError: It did not measure so many restaurants.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
        searches = {
            row["implementation"]: row["readUnits"]
            for row in rows
            if (row["what"], row["among"], row["page"]) == ("search", "few", "first")
        }
        own, usual = searches["own"], searches["usual"]
    except FileNotFoundError:
        raise StagectlError(
            f"{path} does not exist: measure first, as tests-e2e/benchmarks/README.md says"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise StagectlError(f"{path} is not what the benchmark of growth writes: {error!r}") from error
    size = str(restaurants)
    if size not in own:
        raise UsageError(f"Scans were measured at {', '.join(own)} restaurants, not at {restaurants}")
    return float(usual[size]) - float(own[size])


def _uses(measured: Consumption, more_units: float) -> Iterator[Use]:
    for use in measured.uses:
        if use.unit not in _REPLACED:
            yield _with_usual_memory(use, measured)
        if use.unit == _LAMBDA_REQUEST:
            yield from _added_to(use, measured.ssm_call_milliseconds / 1000, more_units)


def _added_to(invocations: Use, ssm_call_seconds: float, more_units: float) -> Iterator[Use]:
    """Give what invocations of a function use besides."""
    phase, count = invocations.phase, invocations.per_order
    yield Use(phase, "parameters", "ssm-get-parameter", count)
    yield Use(phase, "waiting for parameters", _LAMBDA_SECONDS, count * ssm_call_seconds * MEMORY_MB / 1024)
    if invocations.resource.endswith(_SEARCH):
        yield Use(phase, "secrets", "kms-request", count)
        yield Use(phase, "scans", _READ_UNIT, count * more_units)


def _with_usual_memory(use: Use, measured: Consumption) -> Use:
    if use.unit != _LAMBDA_SECONDS:
        return use
    function = _FUNCTION.fullmatch(use.resource)
    if function is None or function[1] not in measured.memory_mb:
        raise StagectlError(f"The measurement does not tell the memory of {use.resource}: measure again")
    return replace(use, per_order=use.per_order * MEMORY_MB / measured.memory_mb[function[1]])
