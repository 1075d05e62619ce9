import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


@pytest.fixture
def topic(aws: Client) -> str:
    return str(aws("sns").create_topic(Name=uuid.uuid4().hex)["TopicArn"])


def test_tags_are_a_matter_of_their_topic(as_user: Client, topic: str) -> None:
    tagger = as_user("sns", {"Effect": "Allow", "Action": "sns:TagResource", "Resource": topic})
    tags = [{"Key": "stage", "Value": "mine"}]

    tagger.tag_resource(ResourceArn=topic, Tags=tags)
    with pytest.raises(ClientError, match="AuthorizationError"):
        tagger.tag_resource(ResourceArn=f"{topic}-other", Tags=tags)


@pytest.mark.parametrize(
    ("condition", "endpoint"),
    [
        ({"StringEquals": {"sns:Protocol": "email"}}, "https://example.org"),
        ({"StringLike": {"sns:Endpoint": "*@example.org"}}, "a@example.com"),
    ],
)
def test_a_condition_may_name_protocol_and_endpoint(
    as_user: Client, topic: str, condition: dict[str, Any], endpoint: str
) -> None:
    permission = {"Effect": "Allow", "Action": "sns:Subscribe", "Resource": topic, "Condition": condition}
    subscriber = as_user("sns", permission)

    subscriber.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.org")
    with pytest.raises(ClientError, match="AuthorizationError"):
        subscriber.subscribe(TopicArn=topic, Protocol=endpoint.partition("://")[0], Endpoint=endpoint)
