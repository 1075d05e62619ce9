"""Lets customers come, more with each step, and judges by the service levels whether the stage serves them.

Run by `stagectl load`, with STAGE and AWS_* as for the suite:

    PYTHONPATH=tests-e2e .venv/bin/python -m load --users 20 --steps 4
"""

# Before anything else: it makes the standard library's waiting cooperative.
import locust  # isort: skip

import argparse
import json
import logging
import sys
from pathlib import Path

from locust.env import Environment
from rich.console import Console

from load import levels, report
from load.customer import Customer
from load.levels import ServiceLevels
from load.measurements import Measurements, StepFigures
from load.ramp import Ramp
from load.verdict import Verdict, verdict
from load.world import World, accounts
from support.stage import Stage, stage_under_test

PRODUCTION = "prod"
PAGE_WIDTH = 140
FINISHING_SECONDS = 15.0
PASSED, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main() -> int:
    """Run, print and write; gives the exit code."""
    arguments = _arguments()
    stage = stage_under_test()
    if stage.name == PRODUCTION and not arguments.even_prod:
        sys.stderr.write("prod has real restaurants, who would cook: say --even-prod if you mean it.\n")
        return WRONG_USAGE
    logging.getLogger("locust").setLevel(logging.ERROR)
    promised = levels.read()
    found = _run(stage, arguments, promised)
    report.show(Console(highlight=False, width=None if sys.stdout.isatty() else PAGE_WIDTH), found, promised)
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        document = json.dumps(report.document(found, stage.name), indent=2, ensure_ascii=False)
        arguments.output.write_text(f"{document}\n", encoding="utf-8")
    return PASSED if found.passed else FAILED


def ramp_of(users: int, steps: int) -> list[int]:
    """Return how many customers there are in each step, the last with all of them."""
    return sorted({max(1, round(users * step / steps)) for step in range(1, steps + 1)})


def _run(stage: Stage, arguments: argparse.Namespace, promised: ServiceLevels) -> Verdict:
    measurements = Measurements(ramp_of(arguments.users, arguments.steps), arguments.seconds)

    def ended(step: StepFigures) -> bool:
        breaches = promised.breaches(step)
        _say(f"{step.users} customers: {'; '.join(breaches) or 'all levels held'}")
        return not breaches

    ramp = Ramp(
        measurements,
        arriving_seconds=arguments.arriving_seconds,
        measured_seconds=arguments.seconds,
        ended=ended,
    )
    _say(f"making {arguments.users} accounts on the stage {stage.name}")
    with accounts(stage, arguments.users) as people:
        Customer.world = World(
            stage=stage,
            web_url=stage.service_url("web"),
            restaurants_url=stage.service_url("restaurants"),
            orders_url=stage.service_url("orders"),
            measurements=measurements,
            people=people,
        )
        environment = Environment(
            user_classes=[Customer],
            shape_class=ramp,
            events=locust.events,
            stop_timeout=FINISHING_SECONDS,
        )
        runner = environment.create_local_runner()
        try:
            runner.start_shape()
            ramp.wait_for_the_end()
        except KeyboardInterrupt:
            # Who is there goes at once; the accounts take time enough.
            environment.stop_timeout = 0
            raise
        finally:
            runner.quit()
        _say("removing the accounts")
    return verdict(measurements.steps, promised, is_emulator=stage.is_emulator)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--users", type=int, default=20, help="customers in the last step")
    parser.add_argument("--steps", type=int, default=5, help="steps of the ramp")
    parser.add_argument("--seconds", type=float, default=20, help="how long each step is measured")
    parser.add_argument("--arriving-seconds", type=float, default=5, help="how long they arrive before that")
    parser.add_argument("--output", type=Path, help="file for all figures, as JSON")
    parser.add_argument("--even-prod", action="store_true", help="allow the stage prod")
    return parser.parse_args()


def _say(what: str) -> None:
    sys.stderr.write(f"  {what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
