"""What a release of a stage does, step by step."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from stagectl.checklist import artifacts, canary_order, contracts, migrations, tested
from stagectl.checklist.contracts import git
from stagectl.checklist.history import History
from stagectl.checklist.steps import Step
from stagectl.checkout import Checkout
from stagectl.deployment import newer_commits
from stagectl.diff import diff_text, stage_diff
from stagectl.errors import StagectlError, UsageError
from stagectl.people.user_pool import UserPool
from stagectl.releases import rollback, shifts
from stagectl.releases.live import ALIAS, LiveAliases, LiveFunction
from stagectl.stacks import published
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.stages import alarms, lifecycle
from stagectl.stages.orders import ORDERS
from stagectl.system.child_process import Children
from stagectl.targets import provenance
from stagectl.targets.production import PRODUCTION
from stagectl.terminal import console

RECORD = "release"
ORDER = "order"
NO_RESTAURANT = "The order needs a restaurant that expects it: pass --order-from NAME, or --skip order."
_AGAIN = "Deploy again from a commit that works: stagectl up."
_SHOWN = 10
# A parameter holds 4,096 characters.
_RECORDED_CHARACTERS = 250


@dataclass(frozen=True)
class Options:
    """How to release.

    Attributes:
        parameters: Stage parameters for sls, as `name=value`.
        against: Commit to compare with, in the place of the deployed ones; empty for those.
        verified: Record of a release that tested the same commit; None without one.
        commands: Commands that test the stage after the deployment.
        watch: How long to watch the alarms after the deployment.
        restaurant: Whom the canary order is placed with; empty when none is named.
    """

    parameters: Sequence[str] = ()
    against: str = ""
    verified: Path | None = None
    commands: Sequence[str] = ()
    watch: timedelta = timedelta(0)
    restaurant: str = ""


class Release:
    """A release of a stage, whose target must have been entered.

    Args:
        checkout: The checkout to release.
        stage: The stage, with all its services.
        options: How.
    """

    def __init__(self, checkout: Checkout, stage: Stage, options: Options) -> None:
        self._checkout = checkout
        self._stage = stage
        self._options = options
        self._states = StackStates.of(stage.target)
        self._history = History.of_stage(stage.name)
        self._migrations = migrations.Migrations(stage.name, self._history, console.say)
        self._alarms_before = alarms.in_alarm(stage)
        self._is_packaged = False
        self._live_before: Mapping[str, str] = {}

    def steps(self) -> list[Step]:
        """Return the steps in order."""
        stage = self._stage.name
        return [
            Step(
                "forward", "Check that the stage runs no newer commit than this", self._forward, self._forward
            ),
            Step("changes", f"Compare this checkout with stage {stage}", self._changes, self._changes),
            Step(
                "compatibility",
                "Look for changes of APIs and events that break clients or consumers",
                self._compatibility,
                self._compatibility,
            ),
            Step(
                "tested",
                "Check that the same commit and the same packages were released and tested on another stage",
                self._tested,
                self._tested,
            ),
            Step(
                "migrations",
                "Migrate stored data, before the code that needs it",
                self._migrate,
                self._pending,
            ),
            Step("deployment", "Deploy, and shift traffic to the new versions", self._deploy),
            Step("tests", "Run the commands that test the stage", self._test),
            Step("alarms", "Watch the alarms", self._watch),
            *(
                [Step(ORDER, "Place one order as a customer, and cancel it", self._order, self._restaurant)]
                if ORDERS in self._stage.stacks
                else []
            ),
        ]

    def record(self, outcomes: Mapping[str, str], *, is_released: bool) -> dict[str, Any]:
        """Keep on the stage what the release did, and return it."""
        document = {
            "stage": self._stage.name,
            "result": tested.RELEASED if is_released else "failed",
            "commit": self._commit,
            "before": sorted(set(self._deployed.values())),
            "steps": {step: said[:_RECORDED_CHARACTERS] for step, said in outcomes.items()},
            "artifacts": artifacts.deployed(self._stage.name, self._stage.stacks) if is_released else {},
        }
        self._history.write(RECORD, document)
        return self._history.read(RECORD) or document

    def go_back(self) -> str:
        """Return the functions to the versions before the deployment, and say so in words."""
        aliases = LiveAliases.of_entered_target()
        functions = self._live(aliases)
        if not functions:
            return f"nothing, as no function is behind the alias {ALIAS}. {_AGAIN}"
        moved = rollback.moved(functions, self._live_before)
        if not moved:
            # What is recorded on the aliases is then an earlier release, which stays.
            return "no function had changed"
        try:
            planned = rollback.plan(moved)
        except UsageError as error:
            return f"{error} {_AGAIN}"
        rollback.run(aliases, planned, shifts.stopper(self._stage.target))
        names = [step.function for _, step in planned if step.outcome is rollback.Outcome.BACK]
        return f"{len(names)} functions: {', '.join(names)}" if names else f"none of {len(moved)}. {_AGAIN}"

    def _live(self, aliases: LiveAliases) -> list[LiveFunction]:
        stacks = self._stage.stacks.values()
        return aliases.of_stacks(stack.on_stage(self._stage.name) for stack in stacks)

    @cached_property
    def _commit(self) -> str:
        return provenance.tags(self._checkout.root, self._stage.name, time_to_live=timedelta(0))["commit"]

    @cached_property
    def _deployed(self) -> dict[str, str]:
        """The commit of each service that is deployed."""
        found = {}
        for name, stack in self._stage.stacks.items():
            status = self._states.find(stack.on_stage(self._stage.name))
            if status and status.commit:
                found[name] = self._options.against or status.commit
        return found

    @cached_property
    def _contract_changes(self) -> list[contracts.ContractChange]:
        return contracts.changes(self._checkout, self._stage.stacks, self._deployed)

    def _package(self) -> None:
        """Package the services, once for all steps that need it."""
        if not self._is_packaged:
            stage_diff.package(self._checkout, self._stage, self._options.parameters)
            self._is_packaged = True

    def _forward(self) -> str:
        there = (self._states.find(stack.on_stage(self._stage.name)) for stack in self._stage.stacks.values())
        newer_commits.check(
            self._checkout.root, self._stage.name, filter(None, there), otherwise="pass --skip forward"
        )
        return "none is newer"

    def _changes(self) -> str:
        for commit in sorted(set(self._deployed.values())):
            self._show_commits(commit)
        for change in self._contract_changes:
            console.result(f"  {change}")
        self._package()
        diffs = stage_diff.compare(self._stage, self._states)
        for line in diff_text.lines(diffs):
            console.styled(line)
        return diff_text.summary(diffs)

    def _show_commits(self, commit: str) -> None:
        lines = git(self._checkout, "log", "--format=%h %s", f"{commit}..HEAD").splitlines()
        for line in lines[:_SHOWN]:
            console.result(f"  {line}")
        if len(lines) > _SHOWN:
            console.result(f"  … and {len(lines) - _SHOWN} more commits since {commit}")

    def _compatibility(self) -> str:
        breaking = [change for change in self._contract_changes if change.is_breaking]
        if breaking:
            listed = "\n".join(f"  {change}" for change in breaking)
            raise StagectlError(
                f"These changes break clients or consumers of stage {self._stage.name}:\n{listed}\n"
                "Add fields instead of changing them, and remove them when nothing reads them any more. To "
                "release them all the same: --skip compatibility."
            )
        return f"{len(self._contract_changes)} changes of contracts, none breaking"

    def _tested(self) -> str:
        if self._options.verified is None:
            if self._stage.name == PRODUCTION:
                raise StagectlError(
                    f"Stage {PRODUCTION} gets what another stage tested: pass --verified FILE, the record "
                    "that `stagectl release --stage staging --record FILE` wrote, or --skip tested."
                )
            return "no record was passed with --verified"
        self._package()
        packages = artifacts.packaged(self._stage.stacks)
        return tested.check(self._options.verified, self._commit, packages)

    def _pending(self) -> str:
        pending = self._migrations.pending(migrations.find(self._stage.stacks))
        for one in pending:
            console.result(f"  {one}: would change {self._migrations.count(one)} items")
        return f"{len(pending)} pending"

    def _migrate(self) -> str:
        pending = self._migrations.pending(migrations.find(self._stage.stacks))
        for one in pending:
            console.say(f"  {one}: changed {self._migrations.run(one)} items")
        return f"{len(pending)} run"

    def _deploy(self) -> str:
        live = self._live(LiveAliases.of_entered_target())
        self._live_before = {function.name: function.version for function in live}
        timings = lifecycle.bring_up(
            self._checkout, self._stage, parameters=self._options.parameters, seeding=False
        )
        return ", ".join(f"{name} {outcome}" for name, outcome in timings.deployment.outcomes.items())

    def _test(self) -> str:
        for command in self._options.commands:
            console.say(f"  {command}")
            ran = Children().run(shlex.split(command), cwd=self._checkout.root, shown=True)
            if ran.exit_code:
                raise StagectlError(f"{command} ended with code {ran.exit_code}.")
        return f"{len(self._options.commands)} commands passed" if self._options.commands else "none to run"

    def _watch(self) -> str:
        if new := alarms.watch(self._stage, self._alarms_before, self._options.watch):
            raise StagectlError(f"In alarm since the release: {', '.join(new)}.")
        before = f"; in alarm before: {', '.join(sorted(self._alarms_before))}" if self._alarms_before else ""
        return f"none in alarm{before}"

    def _restaurant(self) -> str:
        return f"from {self._options.restaurant}" if self._options.restaurant else NO_RESTAURANT

    def _order(self) -> str:
        urls = published.service_urls(self._stage.name, self._stage.stacks.values())
        return canary_order.place(UserPool.of_stage(self._stage.name), urls[ORDERS], self._options.restaurant)
