"""What counts as what under load, without a stage."""

import pytest
from stagectl.checkout.yaml_loader import load_mapping

from load import levels
from load.levels import ServiceLevels, Shares, Times
from load.measurements import Measurements, RouteFigures, StepFigures
from load.outcomes import Outcome, outcome_of, pause_seconds
from load.verdict import verdict
from support.stage import REPOSITORY

# Which implementation answers makes no difference here.
pytestmark = pytest.mark.http_only

LEVELS = ServiceLevels(shares=Shares(errors=0.01, refused=0.1), routes={"GET /": Times(p95=100, p99=500)})


def answered(*milliseconds: float, **others: int) -> RouteFigures:
    figures = RouteFigures(milliseconds=list(milliseconds))
    figures.outcomes[Outcome.ANSWERED] = len(milliseconds)
    figures.outcomes.update({Outcome(name): count for name, count in others.items()})
    return figures


def step(figures: RouteFigures, users: int = 1) -> StepFigures:
    return StepFigures(users, 10, {"GET /": figures})


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, Outcome.ANSWERED),
        (304, {}, Outcome.ANSWERED),
        (429, {}, Outcome.THROTTLED),
        (503, {"retry-after": "2"}, Outcome.SHED),
        (503, {}, Outcome.ERROR),
        (500, {"retry-after": "2"}, Outcome.ERROR),
        (404, {}, Outcome.ERROR),
        (0, {}, Outcome.ERROR),
    ],
)
def test_who_is_refused_on_purpose_met_no_error(
    status: int, headers: dict[str, str], outcome: Outcome
) -> None:
    assert outcome_of(status, headers) is outcome


@pytest.mark.parametrize(("told", "seconds"), [("3", 3), ("3600", 10), ("", 1), ("Wed, 21 Oct", 1)])
def test_a_refused_customer_waits_for_retry_after_within_bounds(told: str, seconds: float) -> None:
    assert pause_seconds({"retry-after": told}) == seconds


def test_a_request_counts_in_the_step_in_which_it_began() -> None:
    measurements = Measurements([1, 2], 10)
    measurements.begin(0)
    began_in = measurements.current
    measurements.begin(1)
    measurements.note("GET /", Outcome.ANSWERED, 20, step=began_in)
    assert [step.routes.keys() for step in measurements.steps] == [{"GET /"}, set()]


def test_requests_of_an_arriving_customer_are_not_counted() -> None:
    measurements = Measurements([1], 10)
    measurements.note("GET /", Outcome.ANSWERED, 20, step=measurements.current)
    assert measurements.steps[0].routes == {}


def test_times_are_of_answers_alone() -> None:
    measurements = Measurements([1], 10)
    measurements.begin(0)
    for outcome, milliseconds in ((Outcome.ANSWERED, 20), (Outcome.THROTTLED, 1), (Outcome.ERROR, 30_000)):
        measurements.note("GET /", outcome, milliseconds, step=measurements.current)
    assert measurements.steps[0].routes["GET /"].milliseconds == [20]


def test_levels_hold_when_everything_is_answered_in_time() -> None:
    assert LEVELS.breaches(step(answered(*[99] * 100))) == []


def test_one_slow_answer_of_a_hundred_breaks_nothing() -> None:
    assert LEVELS.breaches(step(answered(*[50] * 99, 499))) == []


def test_too_many_slow_answers_break_a_level() -> None:
    (breach,) = LEVELS.breaches(step(answered(*[50] * 90, *[200] * 10)))
    assert breach == "GET / took 200 ms for 95 of 100, not 100 at most"


def test_of_a_few_answers_the_middle_one_counts() -> None:
    assert LEVELS.breaches(step(answered(50, 50, 9_000))) == []
    assert len(LEVELS.breaches(step(answered(50, 101, 101)))) == 1


def test_refusals_and_errors_have_shares_of_their_own() -> None:
    assert LEVELS.breaches(step(answered(*[50] * 90, throttled=5, shed=5))) == []
    assert LEVELS.breaches(step(answered(*[50] * 80, throttled=10, shed=10))) == [
        "20.0% of all requests were refused, not 10.0% at most"
    ]
    assert LEVELS.breaches(step(answered(*[50] * 98, error=2))) == [
        "2.0% of all requests ended in errors, not 1.0% at most"
    ]


def test_a_route_without_a_level_is_no_level_that_holds() -> None:
    unknown = StepFigures(1, 10, {"GET /new": answered(1)})
    assert "GET /new has no level" in LEVELS.breaches(unknown)[0]


def test_a_step_in_which_nothing_happened_holds_nothing() -> None:
    assert LEVELS.breaches(StepFigures(1, 10)) != []


def test_the_ceiling_lies_below_the_first_step_that_breaks() -> None:
    slow = answered(*[900] * 30)
    found = verdict([step(answered(50), 1), step(answered(50), 2), step(slow, 3)], LEVELS, is_emulator=True)
    assert found.held is not None
    assert found.broke is not None
    assert (found.held.users, found.broke.users) == (2, 3)
    assert "says nothing about AWS" in found.ceiling


@pytest.mark.parametrize(("is_emulator", "passed"), [(True, True), (False, False)])
def test_a_ceiling_is_a_finding_on_the_emulator_and_a_failure_on_a_stage(
    *, is_emulator: bool, passed: bool
) -> None:
    steps = [step(answered(50), 1), step(answered(*[900] * 30), 2)]
    assert verdict(steps, LEVELS, is_emulator=is_emulator).passed is passed


def test_an_emulator_that_cannot_serve_the_first_customers_fails() -> None:
    assert not verdict([step(answered(900), 1)], LEVELS, is_emulator=True).passed


def test_the_committed_levels_can_be_read() -> None:
    assert levels.read().shares.errors < levels.read().shares.refused


def test_a_route_is_judged_by_the_objective_that_its_alarm_has() -> None:
    promised = load_mapping(REPOSITORY / "services" / "orders" / levels.FILE)["objectives"]["place-order"]

    assert levels.read().routes["POST /orders"] == Times.model_validate(promised)
    # As customers name it, and with the objective of all routes without one of their own.
    assert {
        "GET /assets/{file}",
        "GET /favourites",
        "sign in",
        "from placed to notified",
    } <= levels.read().routes.keys()
