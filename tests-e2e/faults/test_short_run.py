"""A short run of the fault suite, and proof that it can fail."""

import os
import sys
from dataclasses import replace

import pytest

from faults import forgetful_outbox, report, trial
from faults.plan import Kind, Rule, Trial, short_trial
from faults.reconcile import Harm
from support.stage import Stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

SEED = int(os.environ.get("FAULT_SEED", "20"))


def test_no_order_is_lost_duplicated_or_disclosed_during_faults(stage: Stage) -> None:
    outcome = trial.run(stage, short_trial(SEED), _say)

    report.show(outcome)
    assert outcome.passed, report.verdict(outcome)


def test_the_check_can_fail(stage: Stage) -> None:
    with forgetful_outbox.deployed(stage):
        outcome = trial.run(stage, _with_a_bus_that_refuses(short_trial(SEED)), _say)

    lost = [difference for difference in outcome.differences if difference.harm is Harm.LOST]
    sys.stderr.write(f"{report.verdict(outcome)}\n")
    assert any(difference.what == "stored, but not seen by order_placed on the bus" for difference in lost)
    assert {difference.harm for difference in outcome.differences} == {Harm.LOST}


def _with_a_bus_that_refuses(whole: Trial) -> Trial:
    rules = (Rule(Kind.PARTIAL, 0.5, "events", "PutEvents"),)
    plan = replace(whole.plan, rules=rules, outages=(), consumer_pauses=0)
    return replace(whole, plan=plan, demand=replace(whole.demand, orders=30))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
