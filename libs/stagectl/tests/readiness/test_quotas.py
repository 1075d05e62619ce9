"""Which quotas of an account a stage would meet."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.stub import Stubber

from stagectl import aws
from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.readiness import quotas, stage_doctor
from stagectl.readiness.finding import Finding, Level
from stagectl.stacks.stage import Stage
from stagectl.targets.target import Target

Write = Callable[[str, str], Path]
Answers = dict[tuple[str, str], dict[str, Any] | str]
SERVERLESS = """\
service: {name}
functions:
  place:
    events:
      - http: {{method: GET, path: /{name}, authorizer: aws_iam}}
  follow:
    reservedConcurrency: 2
    events:
      - sqs: {{arn: x, maximumConcurrency: 5}}
      - sqs: {{arn: y, maximumConcurrency: "${{param:queueConcurrency}}"}}
      - schedule: rate(1 day)
"""


class Account:
    """A session whose clients answer what is written down, checked against AWS's own models."""

    def __init__(self, answers: Answers, stubs: ExitStack) -> None:
        self._answers = answers
        self._stubs = stubs
        self._session = aws.session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1"
        )
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        client: Any = cast("Any", self._session).client(service)
        stub = self._stubs.enter_context(Stubber(client))
        for (of, operation), answer in self._answers.items():
            if of != service:
                continue
            if isinstance(answer, str):
                stub.add_client_error(operation, answer)
            else:
                stub.add_response(operation, answer)
        return client


def plenty() -> Answers:
    """Return what an account says in which everything fits."""
    stack = {"StackName": "orders-dev", "CreationTime": "2026-01-31", "StackStatus": "CREATE_COMPLETE"}
    return {
        ("cloudformation", "list_stacks"): {"StackSummaries": [stack]},
        ("cloudformation", "describe_account_limits"): {
            "AccountLimits": [
                {"Name": "StackLimit", "Value": 2000},
                {"Name": "StackOutputsLimit", "Value": 1},
            ]
        },
        ("lambda", "get_account_settings"): {"AccountLimit": {"ConcurrentExecutions": 1000}},
        ("iam", "get_account_summary"): {"SummaryMap": {"Roles": 100, "RolesQuota": 1000}},
        ("apigateway", "get_rest_apis"): {"items": [{"id": "a"}] * 3},
        ("service-quotas", "list_service_quotas"): {
            "Quotas": [
                {"QuotaName": "Edge APIs", "Value": 3.0},
                {"QuotaName": "Regional APIs", "Value": 600.0},
            ]
        },
        ("ssm", "get_service_setting"): {"ServiceSetting": {"SettingValue": "false"}},
    }


@pytest.fixture
def stacks(checkout: Checkout, write: Write) -> dict[str, Stack]:
    """The stacks of a checkout with two services."""
    write("shared-infra/params.yml", "default: {queueConcurrency: 5}\ndev: {queueConcurrency: 7}")
    for name in ("orders", "payments"):
        write(f"services/{name}/serverless.yml", SERVERLESS.format(name=name))
    return services.discover(checkout.root)


def examine(answers: Answers, stacks: dict[str, Stack], mail_identity: str = "") -> dict[str, Finding]:
    root = stacks["orders"].folder.parents[1]
    with ExitStack() as stubs:
        account = cast("Any", Account(answers, stubs))
        return {one.subject: one for one in quotas.examine(account, root, "dev", stacks, mail_identity)}


def test_in_a_roomy_account_only_the_mails_are_few(stacks: dict[str, Stack]) -> None:
    found = examine(plenty(), stacks)

    assert {subject for subject, one in found.items() if one.level is not Level.OK} == {"mail"}
    assert "50 a day" in found["mail"].text
    assert "mailIdentity" in found["mail"].way_out
    assert "40 GetParameter" in found["parameters"].text


def test_with_an_identity_of_ses_mails_are_fine(stacks: dict[str, Stack]) -> None:
    assert examine(plenty(), stacks, "example.com")["mail"].level is Level.OK


@pytest.mark.parametrize(("limit", "level"), [(10, Level.WARN), (37, Level.WARN), (38, Level.OK)])
def test_a_new_accounts_concurrency_is_held_against_what_the_queues_take(
    stacks: dict[str, Stack], limit: int, level: Level
) -> None:
    # Two services, each with 2 reserved, and queues with 5 and 7; and ten requests at once.
    answers = plenty() | {
        ("lambda", "get_account_settings"): {"AccountLimit": {"ConcurrentExecutions": limit}}
    }
    found = examine(answers, stacks)["concurrency"]

    assert found.level is level
    assert f"{limit} concurrent executions; the queues of this stage use up to 28" in found.text
    assert ("Service Quotas" in found.way_out) == (level is Level.WARN)


@pytest.mark.parametrize(
    ("subject", "call", "answer", "text"),
    [
        (
            "roles",
            ("iam", "get_account_summary"),
            {"SummaryMap": {"Roles": 999, "RolesQuota": 1000}},
            "999 of",
        ),
        ("apis", ("apigateway", "get_rest_apis"), {"items": [{"id": "a"}] * 600}, "600 of 600"),
        (
            "stacks",
            ("cloudformation", "describe_account_limits"),
            {"AccountLimits": [{"Name": "StackLimit", "Value": 2}]},
            "1 of 2",
        ),
    ],
)
def test_what_does_not_fit_is_a_failure_with_the_quota_to_raise(
    stacks: dict[str, Stack], subject: str, call: tuple[str, str], answer: dict[str, Any], text: str
) -> None:
    found = examine(plenty() | {call: answer}, stacks)[subject]

    assert (found.level, text in found.text) == (Level.FAIL, True)
    assert "Service Quotas" in found.way_out


def test_what_the_stage_has_already_is_not_counted_again(stacks: dict[str, Stack]) -> None:
    # Of orders, payments and shared-infra the account has orders.
    assert "2 more for this stage" in examine(plenty(), stacks)["stacks"].text


def test_without_a_value_for_regional_apis_their_default_counts(stacks: dict[str, Stack]) -> None:
    answers = plenty() | {("service-quotas", "list_service_quotas"): {"Quotas": []}}

    assert "3 of 600 in use, 1 more" in examine(answers, stacks)["apis"].text


def test_what_may_not_be_looked_at_is_reported_and_the_rest_is_checked(stacks: dict[str, Stack]) -> None:
    found = examine(dict.fromkeys(plenty(), "AccessDeniedException"), stacks)

    assert {one.level for one in found.values()} == {Level.WARN}
    assert found["concurrency"].text == "not checked (AccessDeniedException)"
    assert "lambda:GetAccountSettings" in found["concurrency"].way_out
    assert "50 a day" in found["mail"].text


def test_the_emulators_quotas_are_said_not_to_be_those_of_aws(checkout: Checkout) -> None:
    target = Target("the local emulator on port 4566", {}, is_emulator=True)

    [found] = stage_doctor.examine(checkout, Stage("local", {}, target))
    assert (found.level, "on AWS only" in found.text) == (Level.OK, True)
