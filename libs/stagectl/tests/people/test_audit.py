import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from stagectl.errors import StagectlError
from stagectl.people.audit import Audit, key_of

GROUP = "/auth/dev/users-audit"
CALLER = "arn:aws:sts::000000000000:assumed-role/operator/grace"
ADA, BOB = (str(uuid.uuid4()) for _ in range(2))
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def logs() -> Any:
    return boto3.client(
        "logs", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def stubbed(logs: Any) -> Iterator[Stubber]:
    with Stubber(logs) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def audit(logs: Any) -> Audit:
    return Audit(logs, "dev", CALLER)


def test_the_key_of_a_user_is_always_the_same_and_says_nothing_of_the_id() -> None:
    assert key_of(ADA) == key_of(ADA) != key_of(BOB)
    assert not set(ADA.split("-")) & set(key_of(ADA).split("-"))


def test_an_action_is_recorded_with_the_caller_and_the_key_of_the_user(
    stubbed: Stubber, audit: Audit
) -> None:
    stubbed.add_response("create_log_stream", {}, {"logGroupName": GROUP, "logStreamName": ANY})
    message = f'{{"by": "{CALLER}", "action": "disable", "user": "{key_of(ADA)}"}}'
    events = [{"timestamp": ANY, "message": message}]
    stubbed.add_response(
        "put_log_events", {}, {"logGroupName": GROUP, "logStreamName": ANY, "logEvents": events}
    )

    audit.open().write("disable", ADA)


def test_without_the_log_group_nothing_is_begun(stubbed: Stubber, audit: Audit) -> None:
    stubbed.add_client_error("create_log_stream", "ResourceNotFoundException")

    with pytest.raises(StagectlError, match=f"no log group {GROUP}.*stagectl up --stage dev --service auth"):
        audit.open()


def test_the_record_is_read_in_order_and_by_user(stubbed: Stubber, audit: Audit) -> None:
    for wanted in (None, key_of(ADA)):
        events = [
            {
                "timestamp": round((AT + timedelta(minutes=minute)).timestamp() * 1000),
                "message": f'{{"by": "{CALLER}", "action": "{action}", "user": "{key_of(user)}"}}',
            }
            for minute, action, user in [(2, "erase", ADA), (0, "add", ADA), (1, "enable", BOB)]
        ]
        since = round(AT.timestamp() * 1000)
        stubbed.add_response(
            "filter_log_events", {"events": events}, {"logGroupName": GROUP, "startTime": since}
        )

        actions = [record.action for record in audit.read(user=wanted, since=AT)]

        assert actions == (["add", "erase"] if wanted else ["add", "enable", "erase"])
