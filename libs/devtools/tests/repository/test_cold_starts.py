"""What every function does until its first answer."""

import ssl
from pathlib import Path

import botocore
import pytest

from benchmarks.cold_start.events import FIRST_EVENTS, NAMED_EVENTS
from benchmarks.cold_start.observation import Observation, observe_all
from service_kit.aws import AWS_ROOTS

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


def test_every_root_that_the_kit_trusts_is_one_that_botocore_trusts() -> None:
    theirs = _certificates(Path(botocore.__file__).with_name("cacert.pem"))
    ours = _certificates(AWS_ROOTS)
    assert len(ours) == 5
    assert ours <= theirs


def _certificates(bundle: Path) -> set[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=str(bundle))
    return set(context.get_ca_certs(binary_form=True))
