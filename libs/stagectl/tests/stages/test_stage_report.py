from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.stacks import deployed_stacks
from stagectl.stacks.deployed_stacks import DeployedStack
from stagectl.stages import suite_outcomes
from stagectl.stages.stage_report import MARKER, StageReport
from stagectl.stages.suite_outcomes import SuiteOutcomes

Write = Callable[[str, str], Path]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOUND = DeployedStack("orders", "UPDATE_COMPLETE", NOON, "abcdef0123456", None)
BROKEN = DeployedStack("orders", "UPDATE_ROLLBACK_COMPLETE", NOON, None, "OrdersTable: no | such\nkey")
REPORT = StageReport("preview-x", ["shared-infra", "orders"], [SOUND])
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
    assert row(report, "shared-infra")[1] == "that of dev"
    assert "as on origin/main" in row(report, "shared-infra")


def test_a_broken_stack_names_its_cause() -> None:
    report = replace(REPORT, deployed=[BROKEN])

    assert row(report, "orders")[1] == "**UPDATE_ROLLBACK_COMPLETE**"
    assert "**orders failed:** OrdersTable: no | such key" in report.markdown()


def test_an_empty_stage_is_said_to_be_empty() -> None:
    page = replace(REPORT, deployed=[]).markdown()

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


class FakeCloudFormation:
    """Knows one stack, and what happened to it, the newest first."""

    def __init__(self, stack: dict[str, Any] | None, *events: tuple[str, str, str, str | None]) -> None:
        self._stack = stack
        names = ("LogicalResourceId", "ResourceType", "ResourceStatus", "ResourceStatusReason")
        self._events = [dict(zip(names, event, strict=True)) for event in events]

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 calls it
        if self._stack is None:
            raise ClientError({"Error": {"Message": f"Stack {StackName} does not exist"}}, "DescribeStacks")
        return {"Stacks": [self._stack]}

    def get_paginator(self, _name: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [{"StackEvents": self._events}])


def deployed(*given: Any) -> list[DeployedStack]:
    fake: Any = FakeCloudFormation(*given)
    return deployed_stacks.of_stage(fake, "x", [Stack("orders", Path())])


def test_a_stack_says_where_it_comes_from() -> None:
    tags = [{"Key": "commit", "Value": "abc"}]

    assert deployed({"StackStatus": "CREATE_COMPLETE", "CreationTime": NOON, "Tags": tags}) == [
        DeployedStack("orders", "CREATE_COMPLETE", NOON, "abc", None)
    ]


@pytest.mark.parametrize("stack", [None, {"StackStatus": "DELETE_COMPLETE", "CreationTime": NOON}])
def test_a_stack_that_is_gone_is_not_deployed(stack: dict[str, Any] | None) -> None:
    assert deployed(stack) == []


def test_the_cause_is_what_failed_first_in_the_last_operation() -> None:
    stack_type = "AWS::CloudFormation::Stack"

    [found] = deployed(
        {"StackStatus": "UPDATE_ROLLBACK_COMPLETE", "CreationTime": NOON},
        ("orders-x", stack_type, "UPDATE_ROLLBACK_COMPLETE", None),
        ("Queue", "AWS::SQS::Queue", "CREATE_FAILED", "Resource creation cancelled"),
        ("Table", "AWS::DynamoDB::Table", "UPDATE_FAILED", "no such key"),
        ("orders-x", stack_type, "UPDATE_IN_PROGRESS", "User Initiated"),
        ("Table", "AWS::DynamoDB::Table", "CREATE_FAILED", "long ago"),
    )

    assert found.cause == "Table: no such key"
