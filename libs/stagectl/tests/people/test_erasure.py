import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError
from stagectl.people.audit import key_of
from stagectl.people.erasure import Erasure
from stagectl.people.user_pool import User

from ..fakes.people import ANSWERS, FakeBus

NOW = datetime.now(tz=UTC)
ADA = User("7c9e", "u-1", "Ada@Example.com", "Ada", "Lovelace", True, False, "CONFIRMED", NOW, NOW)
SCHEMA = Path(__file__).parents[4] / "services" / "auth" / "events" / "user_erasure_requested.schema.json"
PATIENCE = timedelta(minutes=5)


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus("orders", "restaurants")


@pytest.fixture
def erasure(bus: FakeBus) -> Erasure:
    fake: Any = bus
    return Erasure(fake, fake, "dev", ADA)


def ticking(seconds: float = 1) -> Callable[[], float]:
    """A clock that goes on by some seconds whenever it is looked at."""
    return itertools.count(0, seconds).__next__


def test_the_request_is_as_its_schema_says(erasure: Erasure) -> None:
    jsonschema.validate(erasure.request(), json.loads(SCHEMA.read_text()))
    assert erasure.request()["email"] == "ada@example.com"


def test_services_with_a_rule_that_names_the_request_must_answer(erasure: Erasure) -> None:
    assert erasure.services([]) == ["orders", "restaurants"]


DECLARED = "custom: {eventQueues: {user-erasure: {detailTypes: [user_erasure_requested]}}}"


def test_without_a_service_that_answers_nothing_is_erased(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(DECLARED)
    nobody: Any = FakeBus()
    with pytest.raises(StagectlError, match="No service of stage dev answers user_erasure_requested"):
        Erasure(nobody, nobody, "dev", ADA).services([Stack("orders", tmp_path)])


def test_where_no_service_holds_personal_data_none_must_answer(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text("service: events")
    nobody: Any = FakeBus()

    assert Erasure(nobody, nobody, "dev", ADA).services([Stack("events", tmp_path)]) == []


def test_it_ends_when_all_services_have_answered_and_leaves_no_answer(bus: FakeBus, erasure: Erasure) -> None:
    answered = set(erasure.answers(["orders", "restaurants"], patience=PATIENCE, clock=ticking()))

    assert answered == {"orders", "restaurants"}
    assert [request["erasureId"] for request in bus.requests] == [key_of(ADA.user_id)]
    assert bus.bodies(ANSWERS) == []


def test_a_lost_answer_is_asked_for_again(bus: FakeBus, erasure: Erasure) -> None:
    bus.silent["restaurants"] = 2

    assert set(erasure.answers(["orders", "restaurants"], patience=PATIENCE, clock=ticking())) == {
        "orders",
        "restaurants",
    }
    assert len(bus.requests) == 3


def test_a_service_that_does_not_answer_in_time_is_named(bus: FakeBus, erasure: Erasure) -> None:
    bus.silent["orders"] = 1_000

    with pytest.raises(StagectlError, match=r"Not erased by orders within 300 s.*stays disabled"):
        list(erasure.answers(["orders", "restaurants"], patience=PATIENCE, clock=ticking(10)))


def test_an_answer_to_another_erasure_is_left_to_its_process_while_that_may_live(
    bus: FakeBus, erasure: Erasure
) -> None:
    bus.answer("another", "orders", age_seconds=5)
    bus.answer("long dead", "orders", age_seconds=600)

    assert list(erasure.answers(["orders"], patience=PATIENCE, clock=ticking())) == ["orders"]
    left = [json.loads(body)["detail"] for body in bus.bodies(ANSWERS)]
    assert [detail["erasureId"] for detail in left if detail["service"] == "orders"] == ["another"]


@pytest.mark.parametrize("body", ["", "[]", '"text"', "{}", '{"detail": null}', '{"detail": {"service": 5}}'])
def test_what_is_no_answer_is_ignored(bus: FakeBus, erasure: Erasure, body: str) -> None:
    bus.put(ANSWERS, body, sent_ms=round(NOW.timestamp() * 1000))

    assert list(erasure.answers(["orders"], patience=PATIENCE, clock=ticking())) == ["orders"]


def test_an_unknown_service_does_not_count(bus: FakeBus, erasure: Erasure) -> None:
    bus.answer(key_of(ADA.user_id), "impostor")

    assert list(erasure.answers(["orders"], patience=PATIENCE, clock=ticking())) == ["orders"]


def test_a_bus_that_refuses_the_request_is_an_error(bus: FakeBus, erasure: Erasure) -> None:
    bus.refuses = "AccessDeniedException"

    with pytest.raises(StagectlError, match="The bus refused the request: AccessDenied"):
        list(erasure.answers(["orders"], patience=PATIENCE, clock=ticking()))


def test_without_the_queue_of_answers_nothing_is_asked(bus: FakeBus, erasure: Erasure) -> None:
    del bus.queues[ANSWERS]

    with pytest.raises(StagectlError, match=r"no queue auth-dev-user-erased.*--service auth"):
        list(erasure.answers(["orders"], patience=PATIENCE, clock=ticking()))
    assert bus.requests == []
