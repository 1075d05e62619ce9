"""What each function imports until its first answer: the committed list, and how to write it anew.

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.cold_start.imports

writes `imports.json`. A test fails when a function imports something that is not listed, so that nobody makes
a cold start longer without seeing it: look at the difference before you commit it.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stagectl.checkout.services import package_of

from benchmarks.cold_start.events import FIRST_EVENTS
from benchmarks.cold_start.fake_aws import serve
from benchmarks.cold_start.observation import Observation, observe

FILE = Path(__file__).with_name("imports.json")
COMMAND = "PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.cold_start.imports"
_EVERYWHERE = "every function"
_WITH_AWS = "every function that calls AWS"
_CALLS_AWS = "botocore.session"
# Packages whose parts are worth telling apart; of the others only the name counts.
_IN_PARTS = {"aws_lambda_powertools", "boto3", "botocore", "pydantic", "service_kit"}
# Parts of the standard library that take their time, and that a cold start can do without.
_SLOW_STANDARD_LIBRARY = {"asyncio", "ctypes", "multiprocessing", "pdb", "sqlite3", "unittest", "xmlrpc"}


def observe_all() -> dict[str, Observation]:
    """Let every function answer its first event, two at a time."""
    aws = serve(None)
    try:
        with ThreadPoolExecutor(2) as pool:
            observed = pool.map(lambda function: observe(function, aws_url=aws.url), FIRST_EVENTS)
            return dict(zip(FIRST_EVENTS, observed, strict=True))
    finally:
        aws.shutdown()
        aws.server_close()


def listed_imports() -> dict[str, set[str]]:
    """Give the committed list, by function."""
    listed: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    everywhere, with_aws = listed.pop(_EVERYWHERE), listed.pop(_WITH_AWS)
    return {
        function: {*everywhere, *names, *(with_aws if _CALLS_AWS in names else ())}
        for function, names in listed.items()
    }


def imports_of(function: str, observation: Observation) -> set[str]:
    """Give what a function imported, at the granularity of the list."""
    own = package_of(function.partition("/")[0])
    return {name for module in observation.modules if (name := _listed(module, own))}


def written(imports: Mapping[str, Iterable[str]]) -> str:
    """Give the text of the committed list."""
    everywhere = set.intersection(*map(set, imports.values()))
    with_aws = (
        set.intersection(*(set(names) for names in imports.values() if _CALLS_AWS in names)) - everywhere
    )
    # It stays with the function, to tell that the second group is meant too.
    with_aws.remove(_CALLS_AWS)
    document = {_EVERYWHERE: sorted(everywhere), _WITH_AWS: sorted(with_aws)}
    document |= {
        function: sorted({*names} - everywhere - (with_aws if _CALLS_AWS in names else set()))
        for function, names in sorted(imports.items())
    }
    return json.dumps(document, indent=2) + "\n"


def _listed(module: str, own: str) -> str | None:
    top, *rest = module.split(".")
    if top in sys.stdlib_module_names:
        return top if top in _SLOW_STANDARD_LIBRARY else None
    if any(part.startswith("_") for part in [top, *rest[:1]]):
        return None
    if top == own:
        return ".".join([top, *rest])
    return ".".join([top, *rest[:1]]) if top in _IN_PARTS else top


def main() -> None:
    """Write the list."""
    observed = observe_all()
    FILE.write_text(
        written({function: imports_of(function, seen) for function, seen in observed.items()}),
        encoding="utf-8",
    )
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
