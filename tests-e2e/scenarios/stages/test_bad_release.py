"""A broken version reaches few customers, is noticed by what they get, and is rolled back in seconds.

The emulator shifts no traffic by time and counts no invocations, so the test does what CodeDeploy and Lambda
would: it gives the alias a weight, and puts into CloudWatch what its own requests got. The alarm is the
template's.
"""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import boto3
import pytest
from stagectl.checkout import Checkout
from stagectl.checkout.yaml_loader import load_mapping

from drivers.over_http import OverHttp
from steps import small_stages
from steps.shop import when
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(300)]

RELEASED = "bad-release"
SERVICES = ("shared-infra", "auth", "restaurants")
FUNCTION = "find-restaurants"
ALIAS = "live"
CANARY = 0.1
REQUESTS_PER_MINUTE = 150
MOST_FAILED = 0.2
ROLLBACK_SECONDS = 10
PROGRAM = Checkout(REPOSITORY).python.parent / "stagectl"


def stagectl(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, command, "--stage", RELEASED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


def go_up(**parameters: str) -> None:
    """Deploy with production's parameters, some of them replaced."""
    production = load_mapping(REPOSITORY / "shared-infra" / "params.yml")["prod"]
    # Nothing of the stage shall stay.
    wanted = {**production, "deletionPolicy": "Delete", **parameters}
    passed = (
        f"--param={name}={json.dumps(value) if isinstance(value, bool) else value}"
        for name, value in wanted.items()
    )
    went_up = stagectl("up", "--no-seed", *(f"--service={one}" for one in SERVICES), *passed)
    assert went_up.returncode == 0, went_up.stderr


@pytest.fixture(scope="module")
def released(stage: Stage) -> Iterator[Stage]:
    """A stage whose functions are released as in production."""
    with small_stages.swept(stage, RELEASED):
        go_up()
        yield replace(stage, name=RELEASED)
        stagectl("down")


@dataclass
class Counted:
    """What requests got."""

    requests: int = 0
    failed: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.requests + other.requests, self.failed + other.failed)


def many_find_restaurants(stage: Stage, requests: int) -> Counted:
    with closing(OverHttp(stage)) as driver:
        statuses = [when.a_visitor_finds_restaurants(driver, text="pizza").status for _ in range(requests)]
    assert {status for status in statuses if status < HTTPStatus.INTERNAL_SERVER_ERROR} <= {HTTPStatus.OK}
    return Counted(requests, sum(status >= HTTPStatus.INTERNAL_SERVER_ERROR for status in statuses))


def live(stage: Stage) -> dict[str, Any]:
    alias = boto3.client("lambda").get_alias(FunctionName=name_of(stage), Name=ALIAS)
    return {"version": alias["FunctionVersion"], "weights": alias.get("RoutingConfig", {})}


def name_of(stage: Stage) -> str:
    return f"restaurants-{stage.name}-{FUNCTION}"


def publish_a_broken_version(stage: Stage) -> str:
    """Publish a version that reads another table, which its role does not allow."""
    functions = boto3.client("lambda")
    environment = stage.environment("restaurants", FUNCTION)
    functions.update_function_configuration(
        FunctionName=name_of(stage), Environment={"Variables": {**environment, "TABLE_NAME": "of-others"}}
    )
    functions.get_waiter("function_updated_v2").wait(FunctionName=name_of(stage))
    version = functions.publish_version(FunctionName=name_of(stage))["Version"]
    functions.get_waiter("published_version_active").wait(FunctionName=name_of(stage), Qualifier=version)
    return version


def shift_a_tenth(stage: Stage, version: str) -> None:
    boto3.client("lambda").update_alias(
        FunctionName=name_of(stage),
        Name=ALIAS,
        RoutingConfig={"AdditionalVersionWeights": {version: CANARY}},
    )


def the_alarm_that_rolls_back(stage: Stage) -> dict[str, Any]:
    """Return the template's alarm on failed requests that stops releases of the function."""
    body: Any = stage.cloudformation.get_template(
        StackName=f"restaurants-{stage.name}", TemplateStage="Original"
    )["TemplateBody"]
    template = body if isinstance(body, dict) else json.loads(body)
    (alarm,) = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if FUNCTION in resource.get("Metadata", {}).get("RollsBack", [])
        and re.search(r"-failing$", resource["Properties"]["AlarmName"])
    ]
    return dict(alarm)


def count_in_cloudwatch(alarm: dict[str, Any], counted: Counted, *, minutes_ago: int) -> None:
    """Put what requests got as the metrics that the alarm reads."""
    values = {"Invocations": counted.requests, "Errors": 0, "ServerError": counted.failed}
    at = datetime.now(tz=UTC) - timedelta(minutes=minutes_ago)
    for query in alarm["Metrics"]:
        if "MetricStat" in query:
            metric = query["MetricStat"]["Metric"]
            datum = {
                "MetricName": metric["MetricName"],
                "Dimensions": metric["Dimensions"],
                "Timestamp": at,
                "Value": values[metric["MetricName"]],
            }
            boto3.client("cloudwatch").put_metric_data(Namespace=metric["Namespace"], MetricData=[datum])


def state_of(alarm: dict[str, Any]) -> str:
    described = boto3.client("cloudwatch").describe_alarms(AlarmNames=[alarm["AlarmName"]])
    return str(described["MetricAlarms"][0]["StateValue"])


def test_a_broken_version_fails_few_requests_and_none_after_the_rollback(released: Stage) -> None:
    alarm = the_alarm_that_rolls_back(released)
    good = live(released)["version"]
    count_in_cloudwatch(alarm, many_find_restaurants(released, REQUESTS_PER_MINUTE), minutes_ago=3)
    assert state_of(alarm) == "OK"

    shift_a_tenth(released, publish_a_broken_version(released))
    first = many_find_restaurants(released, REQUESTS_PER_MINUTE)
    # As if a minute had passed between them: one bad minute is not enough.
    count_in_cloudwatch(alarm, first, minutes_ago=1)
    assert state_of(alarm) == "OK"
    second = many_find_restaurants(released, REQUESTS_PER_MINUTE)
    count_in_cloudwatch(alarm, second, minutes_ago=0)
    assert state_of(alarm) == "ALARM"

    began = time.monotonic()
    rolled_back = stagectl("rollback", "restaurants", "--yes", "--json")
    seconds = time.monotonic() - began

    assert rolled_back.returncode == 0, rolled_back.stderr
    assert live(released) == {"version": good, "weights": {}}
    later = many_find_restaurants(released, REQUESTS_PER_MINUTE)
    everything = first + second + later
    assert first.failed
    assert second.failed
    assert everything.failed < MOST_FAILED * (first + second).requests
    assert later.failed == 0
    assert seconds < ROLLBACK_SECONDS


def test_a_release_is_rolled_back_to_what_was_live_before_it_and_not_further(released: Stage) -> None:
    before = live(released)["version"]
    go_up(logLevel="WARNING")
    after = live(released)["version"]
    assert after != before

    planned = stagectl("rollback", "--dry-run", "--json")
    assert live(released)["version"] == after
    steps = json.loads(stagectl("rollback", "--yes", "--json").stdout)

    assert live(released)["version"] == before
    assert steps == json.loads(planned.stdout)
    (step,) = [step for step in steps if step["function"] == name_of(released)]
    assert (step["before"], step["after"], step["outcome"]) == (after, before, "back")
    assert many_find_restaurants(released, 20).failed == 0

    again = stagectl("rollback", "--yes", "--json")

    assert again.returncode == 0
    assert {step["outcome"] for step in json.loads(again.stdout)} == {"unchanged"}
    assert live(released)["version"] == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["paiments"], "There is no service paiments."),
        (["auth", "--yes"], "no function of stage bad-release is behind an alias `live`"),
        ([], "Not a terminal: pass --yes."),
    ],
)
def test_a_rollback_that_cannot_be_says_why(released: Stage, arguments: list[str], says: str) -> None:
    refused = stagectl("rollback", *arguments)

    assert refused.returncode != 0
    assert says in refused.stderr
