import uuid
from collections.abc import Callable
from typing import Any

Client = Callable[..., Any]


def test_who_may_send_a_message_may_send_a_batch(aws: Client, as_user: Client) -> None:
    queue = aws("sqs").create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"]
    sender = as_user("sqs", {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"})

    answer = sender.send_message_batch(QueueUrl=queue, Entries=[{"Id": "1", "MessageBody": "hello"}])

    assert [sent["Id"] for sent in answer["Successful"]] == ["1"]


def test_who_may_publish_may_publish_a_batch(aws: Client, as_user: Client) -> None:
    topic = aws("sns").create_topic(Name=uuid.uuid4().hex)["TopicArn"]
    publisher = as_user("sns", {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic})

    answer = publisher.publish_batch(
        TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "hello"}]
    )

    assert [sent["Id"] for sent in answer["Successful"]] == ["1"]
