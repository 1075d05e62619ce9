"""The secret's value stands in SSM and nowhere else."""

import base64
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from support.polling import until
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.about("restaurants")]

# CloudWatch shows a line some seconds after it was written.
LOG_SECONDS = 60
CLOCK_SKEW_SECONDS = 60


@pytest.fixture(scope="module")
def secret(stage: Stage) -> str:
    """The value that the search reads at run time."""
    path = stage.parameter_path("restaurants", "search-restaurants", "secretString")
    return stage.ssm.get_parameter(Name=path, WithDecryption=True)["Parameter"]["Value"]


def test_the_secret_is_encrypted_under_the_stages_key(stage: Stage) -> None:
    path = stage.parameter_path("restaurants", "search-restaurants", "secretString")
    key_arn = stage.published("shared-infra", "kmsArn")
    filters: Any = [{"Key": "Name", "Values": [path]}]

    [described] = stage.ssm.describe_parameters(ParameterFilters=filters)["Parameters"]

    assert described["Type"] == "SecureString"
    if stage.ssm_stage("restaurants", "search-restaurants") == stage.name:
        assert described["KeyId"] == key_arn


def _holds(content: str | bytes, secret: str) -> bool:
    content = content.encode() if isinstance(content, str) else content
    return secret.encode() in content or base64.b64encode(secret.encode()).rstrip(b"=") in content


def test_no_function_is_configured_with_the_secret(stage: Stage, secret: str) -> None:
    functions = list(stage.functions())

    assert functions
    assert [function["FunctionName"] for function in functions if _holds(str(function), secret)] == []


def test_no_template_of_a_stack_holds_the_secret(stage: Stage, secret: str) -> None:
    for stack in stage.stacks:
        for which in ("Original", "Processed"):
            template = stage.cloudformation.get_template(StackName=stack, TemplateStage=which)
            assert not _holds(str(template["TemplateBody"]), secret), stack


def test_no_stack_holds_the_secret_in_parameters_or_outputs(stage: Stage, secret: str) -> None:
    for stack in stage.stacks:
        [described] = stage.cloudformation.describe_stacks(StackName=stack)["Stacks"]
        assert not _holds(str(described), secret), stack


def test_no_build_artifact_holds_the_secret(secret: str) -> None:
    folders = [
        *REPOSITORY.glob("services/*/.serverless"),
        *REPOSITORY.glob("shared-infra/.serverless"),
    ]
    if not folders:
        pytest.skip("nothing was packaged in this checkout")

    for folder in folders:
        assert [name for name, content in _contents(folder) if _holds(content, secret)] == []


def test_no_log_holds_the_secret_after_a_search_ran(
    driver: Driver, stage: Stage, any_customer: User, secret: str
) -> None:
    since = time.time() - CLOCK_SKEW_SECONDS
    theme = f"logged {any_customer.user_id}"
    then.it_shows_restaurants(when.a_user_searches(driver, any_customer.id_token, {"theme": theme}))
    until(
        lambda: list(_log_lines(stage, stage.name_on_stage("restaurants", "search-restaurants"), since)),
        lambda lines: any(theme in line for line in lines),
        within_seconds=LOG_SECONDS,
        what=f"a log line of the search for {theme}",
    )

    for function in stage.functions():
        lines = _log_lines(stage, function["FunctionName"], since)
        assert [line for line in lines if _holds(line, secret)] == [], function["FunctionName"]


def test_no_log_holds_an_id_token(driver: Driver, stage: Stage, any_customer: User) -> None:
    since = time.time() - CLOCK_SKEW_SECONDS
    theme = f"logged again {any_customer.user_id}"
    then.it_shows_restaurants(when.a_user_searches(driver, any_customer.id_token, {"theme": theme}))

    lines = until(
        lambda: list(_log_lines(stage, stage.name_on_stage("restaurants", "search-restaurants"), since)),
        lambda lines: any(theme in line for line in lines),
        within_seconds=LOG_SECONDS,
        what=f"a log line of the search for {theme}",
    )

    assert [line for line in lines if any_customer.id_token in line] == []


def _log_lines(stage: Stage, function_name: str, since: float) -> Iterator[str]:
    group = f"/aws/lambda/{function_name}"
    pages = stage.logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=int(since * 1000)
    )
    for page in pages:
        for event in page["events"]:
            yield event["message"]


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                for member in archive.namelist():
                    yield f"{file}!{member}", archive.read(member)
        else:
            yield str(file), file.read_bytes()
