import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def topic(aws: Client) -> str:
    return str(aws("sns").create_topic(Name=uuid.uuid4().hex)["TopicArn"])


@pytest.mark.parametrize("subject", [" begins with a space", "two\nlines", "ümlaut", "a" * 100, "tab\there"])
def test_such_a_subject_is_refused(aws: Client, topic: str, subject: str) -> None:
    entries = [{"Id": "1", "Message": "hello", "Subject": subject}]

    with pytest.raises(ClientError, match="Invalid parameter: Subject"):
        aws("sns").publish(TopicArn=topic, Message="hello", Subject=subject)
    with pytest.raises(ClientError, match="Invalid parameter: Subject"):
        aws("sns").publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)


@pytest.mark.parametrize("subject", ["Your order", "a" * 99, "[ALARM] 1 order"])
def test_such_a_subject_is_taken(aws: Client, topic: str, subject: str) -> None:
    assert aws("sns").publish(TopicArn=topic, Message="hello", Subject=subject)["MessageId"]


def test_an_empty_message_is_refused(aws: Client, topic: str) -> None:
    with pytest.raises(ClientError, match="Empty message"):
        aws("sns").publish(TopicArn=topic, Message="")


def test_a_message_has_at_most_256_kibibytes(aws: Client, topic: str) -> None:
    assert aws("sns").publish(TopicArn=topic, Message="a" * 262_144)["MessageId"]
    with pytest.raises(ClientError, match="Message too long"):
        aws("sns").publish(TopicArn=topic, Message="a" * 262_145)
