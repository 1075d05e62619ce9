"""What every function does until its first answer."""

import pytest

from benchmarks.cold_start.events import FIRST_EVENTS, NAMED_EVENTS
from benchmarks.cold_start.observation import Observation, observe_all

HTTP_OK = {200, 204}
FUNCTIONS = sorted(FIRST_EVENTS)


@pytest.fixture(scope="module")
def observed() -> dict[str, Observation]:
    """What each function did, in a process of its own, with a loopback AWS."""
    return observe_all()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_answers_its_first_event(observed: dict[str, Observation], function: str) -> None:
    answer = observed[function].answer
    if function not in NAMED_EVENTS:
        # Nothing is known but its route, so its request may be refused, and what AWS answers may not fit it.
        assert isinstance(answer["statusCode"], int)
    elif "httpMethod" in FIRST_EVENTS[function]:
        assert answer["statusCode"] in HTTP_OK
    elif answer and "batchItemFailures" in answer:
        assert answer["batchItemFailures"] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_makes_one_botocore_session_at_most(
    observed: dict[str, Observation], function: str
) -> None:
    assert observed[function].sessions <= 1
