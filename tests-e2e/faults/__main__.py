"""Runs the fault suite on the stage that STAGE and AWS_* name, prints its tables, fails on any difference.

`npm run test:faults` deploys such a stage first.
"""

import argparse
import sys
from contextlib import nullcontext
from dataclasses import replace

from faults import forgetful_outbox, report, trial
from faults.plan import Demand, FaultPlan, Floor, Trial
from support.stage import stage_under_test


def main() -> int:
    """Run the suite and return the exit code."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--orders", type=int, default=Demand.orders)
    parser.add_argument("--users", type=int, default=Demand.users)
    parser.add_argument("--seed", type=int, default=FaultPlan.seed)
    parser.add_argument(
        "--forgetful-outbox",
        action="store_true",
        help="deploy an outbox that does not try again: orders get lost, and the run has to say so",
    )
    arguments = parser.parse_args()
    demand = replace(Demand(), orders=arguments.orders, users=arguments.users)
    floor = replace(Floor(), kills=Floor.kills * arguments.orders // Demand.orders)
    stage = stage_under_test()
    outbox = forgetful_outbox.deployed(stage) if arguments.forgetful_outbox else nullcontext()
    with outbox:
        outcome = trial.run(stage, Trial(FaultPlan(seed=arguments.seed), demand, floor), _say)
    report.show(outcome)
    return 0 if outcome.passed else 1


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
