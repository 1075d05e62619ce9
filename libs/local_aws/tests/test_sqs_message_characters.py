import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
REFUSED = ["\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"]
TAKEN = ["\t", "\n", "\r", " ", "\x7f", "\x85", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0010ffff"]


@pytest.fixture(scope="module")
def queue(aws: Client) -> str:
    return str(aws("sqs").create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"])


@pytest.mark.parametrize("character", REFUSED, ids=ascii)
def test_other_characters_are_refused(aws: Client, queue: str, character: str) -> None:
    attributes = {"text": {"DataType": "String", "StringValue": f"a{character}"}}

    with pytest.raises(ClientError, match="InvalidMessageContents"):
        aws("sqs").send_message(QueueUrl=queue, MessageBody=f"a{character}")
    with pytest.raises(ClientError, match="InvalidMessageContents"):
        aws("sqs").send_message(QueueUrl=queue, MessageBody="a", MessageAttributes=attributes)
    answer = aws("sqs").send_message_batch(
        QueueUrl=queue, Entries=[{"Id": "1", "MessageBody": f"a{character}"}, {"Id": "2", "MessageBody": "a"}]
    )
    assert [failed["Code"] for failed in answer["Failed"]] == ["InvalidMessageContents"]
    assert [sent["Id"] for sent in answer["Successful"]] == ["2"]


@pytest.mark.parametrize("character", TAKEN, ids=ascii)
def test_these_characters_are_taken(aws: Client, queue: str, character: str) -> None:
    attributes = {"text": {"DataType": "String", "StringValue": f"a{character}"}}

    assert aws("sqs").send_message(QueueUrl=queue, MessageBody=f"a{character}", MessageAttributes=attributes)[
        "MessageId"
    ]


def test_a_message_has_at_most_one_mebibyte(aws: Client, queue: str) -> None:
    assert aws("sqs").send_message(QueueUrl=queue, MessageBody="a" * 1_048_576)["MessageId"]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        aws("sqs").send_message(QueueUrl=queue, MessageBody="a" * 1_048_577)
