"""After everything else: what the whole run has written into the stage's logs."""

import re
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest

from steps import then, when
from support.polling import until
from support.stage import Stage

# Run last, over all that other tests made the functions log. A handler of this process writes no log.
pytestmark = [pytest.mark.last, pytest.mark.http_only]

FORBIDDEN = {
    "a token": re.compile(r"eyJ[\w-]{10,}\.[\w-]+"),
    "a bearer token": re.compile(r"(?i)\bbearer [\w.~+/=-]{12,}"),
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"BEGIN [A-Z ]*PRIVATE KEY"),
    "an e-mail address": re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}"),
    # The suite's users and the seeded ones have no other.
    "a password": re.compile(r"Aa1![\w-]{8,}"),
    "a family name": re.compile(r"\bEndtoend\b"),
}


@pytest.fixture
def something_logged(stage: Stage) -> None:
    """Let a function run: of a product without routes, a part of the suite calls none."""
    if stage.is_emulator and stage.has_its_own("events"):
        when.an_event_happens(stage, "user_erased", {"erasureId": str(uuid.uuid4()), "service": "events"})
        group = f"/aws/lambda/{stage.name_on_stage('events', 'event-logger')}"
        until(
            lambda: list(_lines(stage, group)),
            lambda lines: any("events archived" in line for line in lines),
            within_seconds=then.DELIVERY_SECONDS,
            what="an archived event",
        )


@pytest.mark.usefixtures("something_logged")
def test_no_log_holds_a_password_a_token_an_address_or_a_secret(stage: Stage) -> None:
    forbidden = FORBIDDEN | {
        f"the secret {path}": re.compile(re.escape(value)) for path, value in _secrets(stage)
    }
    # What the last event made a function log may come a moment later.
    until(
        lambda: any(any(_lines(stage, group)) for group in _groups(stage)),
        lambda is_there: is_there,
        within_seconds=then.DELIVERY_SECONDS,
        what="a line of a log",
    )
    found = Counter(
        (group, what)
        for group in sorted(_groups(stage))
        for line in _lines(stage, group)
        for what, form in forbidden.items()
        if form.search(line)
    )

    # By place and kind: a failure must not show what it found.
    assert found == {}


def _groups(stage: Stage) -> set[str]:
    groups = {f"/aws/lambda/{function['FunctionName']}" for function in stage.functions()}
    if stage.is_own_account:
        groups |= {physical_id for kind, physical_id in _resources(stage) if kind == "AWS::Logs::LogGroup"}
    return groups


def _resources(stage: Stage) -> Iterator[tuple[str, str]]:
    pages = stage.cloudformation.get_paginator("list_stack_resources")
    for stack in stage.stacks:
        for page in pages.paginate(StackName=stack):
            for one in page["StackResourceSummaries"]:
                yield one["ResourceType"], one.get("PhysicalResourceId", "")


def _secrets(stage: Stage) -> Iterator[tuple[str, str]]:
    """Yield the stage's secrets; a tester's role may not read them."""
    if not stage.is_own_account:
        return
    pages = stage.ssm.get_paginator("describe_parameters")
    for page in pages.paginate(ParameterFilters=[{"Key": "Type", "Values": ["SecureString"]}]):
        for one in page["Parameters"]:
            if one["Name"].split("/")[2] == stage.name:
                answer = stage.ssm.get_parameter(Name=one["Name"], WithDecryption=True)
                yield one["Name"], answer["Parameter"]["Value"]


def _lines(stage: Stage, group: str) -> Iterator[str]:
    try:
        for page in stage.logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            for event in page["events"]:
                yield event["message"]
    except stage.logs.exceptions.ResourceNotFoundException:
        return  # a function that has not run
