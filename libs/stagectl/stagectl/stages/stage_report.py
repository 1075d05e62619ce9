"""A report on a stage in Markdown, for a comment on a pull request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stagectl.checkout.facts import PROJECT
from stagectl.stacks.stack_status import StackStatus
from stagectl.stages.suite_outcomes import SuiteOutcomes
from stagectl.terminal.json_document import shown_time

MARKER = f"<!-- {PROJECT} stage report -->"
"""First line of every report, by which an earlier comment is found and replaced."""

_SHOWN_FAILURES = 10
_SHOWN_COMMIT = 7


@dataclass(frozen=True)
class StageReport:
    """The facts of a report.

    Attributes:
        stage: Its name.
        services: Names of all services, in the order that deploys.
        deployed: State of its stacks by service.
        causes: Why the last operation of a broken stack failed, by service.
        urls: Published URLs by service, the landing page first.
        base: Base stage, whose services are used for those not deployed; None without one.
        changed: Files by which each service differs from `changed_since`; None when not compared.
        changed_since: What it was compared with.
        tests: Outcomes of the suite; None when it did not run.
        cost: Estimated cost of its orders, in a few words; empty when not estimated.
        run_url: URL of the workflow run; empty outside of a workflow.
    """

    stage: str
    services: Sequence[str]
    deployed: Mapping[str, StackStatus]
    causes: Mapping[str, str] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    base: str | None = None
    changed: Mapping[str, Sequence[str]] | None = None
    changed_since: str = ""
    tests: SuiteOutcomes | None = None
    cost: str = ""
    run_url: str = ""

    def markdown(self) -> str:
        """Return the report, which ends in a newline."""
        blocks = [f"{MARKER}\n### Stage `{self.stage}`"]
        if not self.deployed:
            blocks.append("Nothing of this stage is deployed.")
        else:
            blocks += [*self._landing_page(), self._table(), *self._causes()]
        blocks += [*self._suite(), *([f"Cost: {_inline(self.cost)}"] if self.cost.strip() else [])]
        if self.run_url:
            blocks.append(f"[The run]({self.run_url})")
        return "\n\n".join(blocks) + "\n"

    def _landing_page(self) -> list[str]:
        first = next(iter(self.urls.values()), None)
        return [f"**<{first}>**"] if first else []

    def _table(self) -> str:
        rows = ["| service | state | commit | deployed | why | URL |", "|---|---|---|---|---|---|"]
        for service in self.services:
            stack = self.deployed.get(service)
            cells = [service, *self._cells(service, stack), self.urls.get(service, "")]
            rows.append(f"| {' | '.join(map(_cell, cells))} |")
        return "\n".join(rows)

    def _cells(self, service: str, stack: StackStatus | None) -> list[str]:
        if stack is None:
            return [f"from {self.base}" if self.base else "not deployed", "", "", self._why_not(service)]
        return [
            f"**{stack.state}**" if stack.is_broken else stack.state,
            f"`{stack.commit[:_SHOWN_COMMIT]}`" if stack.commit else "unknown",
            shown_time(stack.updated_at),
            self._why(service),
        ]

    def _why(self, service: str) -> str:
        if self.changed is None:
            return ""
        files = self.changed.get(service, ())
        if not files:
            return "part of every stage, or deployed before"
        others = f" and {len(files) - 1} more" if len(files) > 1 else ""
        return f"`{_code(files[0])}`{others} changed"

    def _why_not(self, service: str) -> str:
        if self.changed is None:
            return ""
        return "" if self.changed.get(service) else f"as on {self.changed_since}"

    def _causes(self) -> list[str]:
        return [
            f"**{service} failed:** {_inline(self.causes.get(service) or 'CloudFormation names no cause')}"
            for service, stack in self.deployed.items()
            if stack.is_broken
        ]

    def _suite(self) -> list[str]:
        if self.tests is None:
            return ["The suite did not run on this stage."] if self.deployed else []
        ran = self.tests.tests - self.tests.skipped
        if not self.tests.failed:
            return [f"Suite: **{ran} passed** in {self.tests.seconds:.0f} s."]
        shown = [f"- `{_code(name)}`" for name in self.tests.failed[:_SHOWN_FAILURES]]
        if len(self.tests.failed) > _SHOWN_FAILURES:
            shown.append(f"- and {len(self.tests.failed) - _SHOWN_FAILURES} more")
        return [f"Suite: **{len(self.tests.failed)} of {ran} failed.**", "\n".join(shown)]


def _inline(text: str) -> str:
    return " ".join(text.split())


def _code(text: str) -> str:
    return _inline(text).replace("`", "")


def _cell(text: str) -> str:
    return _inline(text).replace("|", "\\|")
