"""A function that starts from a snapshot (SnapStart): the stage's package, published."""

import base64
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from benchmarks.cold_start.events import FIRST_EVENTS
from support.stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_lambda.type_defs import WaiterConfigTypeDef

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("restaurants")]

EVENT = FIRST_EVENTS["restaurants/get-restaurants"]
PATIENCE: "WaiterConfigTypeDef" = {"Delay": 1, "MaxAttempts": 30}
BEFORE, AFTER, ANSWERED = "ready for the snapshot", "restored from the snapshot", "answered"


@pytest.fixture
def restored_function(stage: Stage) -> Iterator[tuple[str, str]]:
    """Yield the name and the version of a copy of get-restaurants that has a snapshot."""
    found = stage.lambda_.get_function(FunctionName=stage.name_on_stage("restaurants", "get-restaurants"))
    like = found["Configuration"]
    package = httpx.get(found["Code"]["Location"], trust_env=False).raise_for_status().content
    # Not named as the stage's functions are, which other tests list.
    name = f"snap-start-{uuid4()}"
    stage.lambda_.create_function(
        FunctionName=name,
        Runtime=like["Runtime"],
        Role=like["Role"],
        Handler=like["Handler"],
        Timeout=like["Timeout"],
        Environment={"Variables": like["Environment"]["Variables"]},
        Code={"ZipFile": package},
        SnapStart={"ApplyOn": "PublishedVersions"},
    )
    try:
        stage.lambda_.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig=PATIENCE)
        version = stage.lambda_.publish_version(FunctionName=name)["Version"]
        stage.lambda_.get_waiter("published_version_active").wait(
            FunctionName=name, Qualifier=version, WaiterConfig=PATIENCE
        )
        yield name, version
    finally:
        stage.lambda_.delete_function(FunctionName=name)
        if stage.logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]:
            stage.logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")


def test_a_version_with_a_snapshot_warms_up_before_it_is_restored_and_answers(
    stage: Stage, restored_function: tuple[str, str]
) -> None:
    name, version = restored_function

    answer, lines = _invoke(stage, name, version)

    told = [line for line in lines if line.get("message") in {BEFORE, AFTER, ANSWERED}]
    assert [line["message"] for line in told] == [BEFORE, AFTER, ANSWERED]
    # The table, the clients and the validator of the answer among them.
    assert told[0]["warm_ups"] >= 3
    assert answer["statusCode"] == 200
    assert all({"name", "image", "themes"} <= restaurant.keys() for restaurant in json.loads(answer["body"]))


def test_an_unpublished_function_has_no_snapshot_and_still_answers(
    stage: Stage, restored_function: tuple[str, str]
) -> None:
    answer, lines = _invoke(stage, restored_function[0], "$LATEST")

    # At level DEBUG it says more.
    assert [line["message"] for line in lines if line.get("level") == "INFO"] == [ANSWERED]
    assert answer["statusCode"] == 200


def _invoke(stage: Stage, name: str, qualifier: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the answer, and what was logged until then."""
    called = stage.lambda_.invoke(
        FunctionName=name, Qualifier=qualifier, Payload=json.dumps(EVENT), LogType="Tail"
    )
    log = base64.b64decode(called["LogResult"]).decode()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return json.loads(called["Payload"].read()), lines
