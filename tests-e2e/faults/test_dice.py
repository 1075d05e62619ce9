"""Which call meets which fault depends on the seed alone."""

import pytest

from faults.dice import Dice
from faults.plan import FaultPlan, Kind, Rule
from faults.sdk_call import SdkCall

pytestmark = pytest.mark.faults

GET, PUT = SdkCall("dynamodb", "GetItem"), SdkCall("dynamodb", "PutItem")
RULES = (Rule(Kind.ERROR, 0.2), Rule(Kind.SLOW, 0.3, "dynamodb", "PutItem"))


def _drawn(dice: Dice, call: SdkCall, times: int) -> list[Kind | None]:
    rules = [dice.draw(call, number, 0.0) for number in range(times)]
    return [rule.kind if rule else None for rule in rules]


def _plan(seed: int = 1, *rules: Rule) -> FaultPlan:
    return FaultPlan(seed=seed, rules=rules or RULES, outages=())


def test_the_same_seed_draws_the_same_faults_however_calls_overlap() -> None:
    one_after_another, mixed = Dice(_plan()), Dice(_plan())
    expected = _drawn(one_after_another, GET, 50)
    _drawn(one_after_another, PUT, 50)

    drawn = []
    for number in range(50):
        mixed.draw(PUT, number, 0.0)
        rule = mixed.draw(GET, number, 0.0)
        drawn.append(rule.kind if rule else None)

    assert drawn == expected


def test_another_seed_draws_other_faults() -> None:
    assert _drawn(Dice(_plan(1)), PUT, 100) != _drawn(Dice(_plan(2)), PUT, 100)


def test_faults_come_about_as_often_as_their_rate_says() -> None:
    drawn = _drawn(Dice(_plan()), PUT, 5_000)

    assert drawn.count(Kind.ERROR) == pytest.approx(1_000, rel=0.1)
    assert drawn.count(Kind.SLOW) == pytest.approx(1_500, rel=0.1)


def test_a_fault_takes_as_many_calls_in_a_row_as_its_rule_says() -> None:
    drawn = _drawn(Dice(_plan(1, Rule(Kind.ERROR, 0.05, in_a_row=4))), GET, 400)

    first = drawn.index(Kind.ERROR)
    assert drawn[first : first + 4] == [Kind.ERROR] * 4
    assert len(drawn[first:]) > 4
