from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stagectl.errors import UsageError
from stagectl.stacks.stack_status import StackStatus
from stagectl.stages import suite_outcomes
from stagectl.stages.stage_report import MARKER, StageReport
from stagectl.stages.suite_outcomes import SuiteOutcomes

Write = Callable[[str, str], Path]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOUND = StackStatus("orders-x", "UPDATE_COMPLETE", NOON, {"commit": "abcdef0123456"})
BROKEN = StackStatus("orders-x", "UPDATE_ROLLBACK_COMPLETE", NOON)
CAUSE = "OrdersTable: no | such\nkey"
REPORT = StageReport("preview-x", ["shared-infra", "orders"], {"orders": SOUND})
JUNIT = """<testsuites><testsuite>
<testcase classname="t" name="good" time="1.5"/>
<testcase classname="t" name="bad" time="1"><failure message="x"/></testcase>
<testcase classname="t" name="broken" time="0"><error/></testcase>
<testcase classname="t" name="left out" time="0"><skipped/></testcase>
</testsuite></testsuites>"""


def row(report: StageReport, service: str) -> list[str]:
    [line] = [line for line in report.markdown().splitlines() if line.startswith(f"| {service} |")]
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_a_report_begins_with_the_mark_that_it_is_found_by() -> None:
    assert REPORT.markdown().startswith(f"{MARKER}\n")


def test_it_says_what_is_deployed_from_which_commit_and_when() -> None:
    assert row(REPORT, "orders")[:4] == ["orders", "UPDATE_COMPLETE", "`abcdef0`", "2026-11-21 12:00 UTC"]


def test_the_landing_page_comes_first() -> None:
    report = replace(REPORT, urls={"restaurants": "https://r", "orders": "https://o"})

    assert "**<https://r>**" in report.markdown()
    assert row(report, "orders")[-1] == "https://o"


def test_it_says_why_a_service_was_deployed_and_which_stage_serves_the_others() -> None:
    changed = {"orders": ["services/orders/a.py", "services/orders/b.py"], "shared-infra": []}
    report = replace(REPORT, changed=changed, changed_since="origin/main", base="dev")

    assert "`services/orders/a.py` and 1 more changed" in row(report, "orders")
    assert row(report, "shared-infra")[1] == "from dev"
    assert "as on origin/main" in row(report, "shared-infra")


def test_a_broken_stack_names_its_cause() -> None:
    report = replace(REPORT, deployed={"orders": BROKEN}, causes={"orders": CAUSE})

    assert row(report, "orders")[1] == "**UPDATE_ROLLBACK_COMPLETE**"
    assert "**orders failed:** OrdersTable: no | such key" in report.markdown()


def test_an_empty_stage_is_said_to_be_empty() -> None:
    page = replace(REPORT, deployed={}).markdown()

    assert "Nothing of this stage is deployed." in page
    assert "suite" not in page.lower()


def test_passing_and_failing_tests_are_counted_and_named() -> None:
    passed = replace(REPORT, tests=SuiteOutcomes(12, [], 2, 3.4)).markdown()
    failed = replace(REPORT, tests=SuiteOutcomes(12, [f"t::`{n}`" for n in range(11)], 0, 3.4)).markdown()

    assert "Suite: **10 passed** in 3 s." in passed
    assert "**11 of 12 failed.**" in failed
    assert "- `t::0`\n" in failed
    assert "- and 1 more" in failed


def test_a_suite_that_did_not_run_is_not_passed_over() -> None:
    assert "The suite did not run" in REPORT.markdown()


def test_it_has_the_cost_and_the_run_when_they_are_known() -> None:
    page = replace(REPORT, cost="USD 1.00", run_url="https://run").markdown()

    assert "Cost: USD 1.00\n" in page
    assert page.endswith("[The run](https://run)\n")
    assert "Cost" not in REPORT.markdown()


def test_junit_files_of_a_folder_are_added_up(write: Write) -> None:
    write("results/a.xml", JUNIT)
    folder = write("results/deep/b.xml", JUNIT).parent.parent

    outcomes = suite_outcomes.read([folder, folder / "missing.xml"])

    assert outcomes == SuiteOutcomes(8, ["t::bad", "t::broken"] * 2, 2, 5.0)


def test_no_files_are_no_result(tmp_path: Path) -> None:
    assert suite_outcomes.read([tmp_path]) is None


def test_a_file_that_is_no_junit_is_said(write: Write) -> None:
    with pytest.raises(UsageError, match="is not a JUnit file"):
        suite_outcomes.read([write("a.xml", "<")])
