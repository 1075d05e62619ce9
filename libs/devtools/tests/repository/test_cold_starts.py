"""What every function does until its first answer: which modules it imports, and what it makes."""

import importlib
import re
import ssl
from pathlib import Path
from typing import Any

import botocore
import pytest

from benchmarks.cold_start.events import CUSTOMER_FACING, FIRST_EVENTS, NAMED_EVENTS
from benchmarks.cold_start.imports import COMMAND, imports_of, listed_imports, observe_all
from benchmarks.cold_start.observation import Observation
from service_kit.clients import AWS_ROOTS
from service_kit.compiled_patterns import PATTERNS, engine_arguments, stored_patterns

from .conftest import ROOT

HTTP_OK = {200, 204}
FIRST_SERVER_ERROR = 500
FUNCTIONS = sorted(FIRST_EVENTS)
PATTERNS_COMMAND = "PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.cold_start.patterns"


@pytest.fixture(scope="module")
def observed() -> dict[str, Observation]:
    """What each function did, in a process of its own, with a loopback AWS."""
    return observe_all()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_answers_its_first_event(observed: dict[str, Observation], function: str) -> None:
    answer = observed[function].answer
    if function not in NAMED_EVENTS:
        # Nothing is known about its request but the route, so it may be refused.
        assert answer["statusCode"] < FIRST_SERVER_ERROR
    elif "httpMethod" in FIRST_EVENTS[function]:
        assert answer["statusCode"] in HTTP_OK
    elif answer and "batchItemFailures" in answer:
        assert answer["batchItemFailures"] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_nothing_that_is_not_listed(
    observed: dict[str, Observation], function: str
) -> None:
    gained = imports_of(function, observed[function]) - listed_imports().get(function, set())
    assert sorted(gained) == [], f"if it needs them after all: {COMMAND}"


def test_the_list_names_no_function_that_is_gone() -> None:
    assert sorted(listed_imports()) == FUNCTIONS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_makes_one_botocore_session_at_most(
    observed: dict[str, Observation], function: str
) -> None:
    assert observed[function].sessions <= 1


@pytest.mark.skipif(stored_patterns() is None, reason="nothing is stored for this version of Python")
@pytest.mark.parametrize("function", CUSTOMER_FACING)
def test_no_customer_waits_for_a_regular_expression_to_be_compiled(
    observed: dict[str, Observation], function: str
) -> None:
    assert observed[function].patterns == [], f"the libraries have changed: {PATTERNS_COMMAND}"


@pytest.mark.skipif(stored_patterns() is None, reason="nothing is stored for this version of Python")
def test_stored_patterns_are_what_the_compiler_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler: Any = importlib.import_module("re._compiler")
    engine: Any = importlib.import_module("_sre")
    made: list[tuple[Any, ...]] = []

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(engine, name)

        def compile(self, pattern: Any, *rest: Any) -> Any:
            made.append(rest)
            return engine.compile(pattern, *rest)

    monkeypatch.setattr(compiler, "_sre", Watched())
    for (pattern, flags), stored in (stored_patterns() or {}).items():
        made.clear()
        compiler.compile(pattern, flags)
        assert made == [engine_arguments(stored)], pattern


def test_patterns_are_stored_for_the_version_that_lambda_runs() -> None:
    runtime = re.search(r"runtime: python(\d+)\.(\d+)", (ROOT / "shared-infra" / "defaults.yml").read_text())
    assert runtime is not None
    assert (Path(PATTERNS) / f"cpython_{''.join(runtime.groups())}.json").is_file()


def test_every_root_that_the_kit_trusts_is_one_that_botocore_trusts() -> None:
    theirs = _certificates(Path(botocore.__file__).with_name("cacert.pem"))
    ours = _certificates(AWS_ROOTS)
    assert len(ours) == 5
    assert ours <= theirs


def _certificates(bundle: Path) -> set[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=str(bundle))
    return set(context.get_ca_certs(binary_form=True))
