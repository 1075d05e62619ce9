import uuid
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]
Stack = Callable[..., str]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
RESOURCES = {
    "AWS::IAM::Role": {"AssumeRolePolicyDocument": TRUST},
    "AWS::SSM::Parameter": {"Type": "String", "Value": "value"},
    "AWS::SQS::Queue": {},
    "AWS::SNS::Topic": {},
    "AWS::Logs::LogGroup": {},
    "AWS::KMS::Key": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}},
    "AWS::Events::EventBus": {"Name": "a-bus"},
}


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_a_stack_tag_that_services_refuse_fails_the_stack(stack: Stack, resource_type: str) -> None:
    resource = {"Type": resource_type, "Properties": RESOURCES[resource_type]}

    assert stack(f"s-{uuid.uuid4()}", {"It": resource}, {"owner": "dependabot[bot]"}) == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize("value", ["a\tb", "name,other", "quoted 'name'", "50 %", "🍔", "(c)", "#9"])
def test_other_characters_and_lengths_are_refused_of_a_stack(stack: Stack, value: str) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": RESOURCES["AWS::IAM::Role"]}

    status = stack(f"s-{uuid.uuid4()}", {"Role": role}, {"owner": value})

    assert status == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize("value", ["Jörg Ñandú 京都", "a_b.c:d/e=f+g-h@i", "٣", "a" * 256])
def test_letters_digits_spaces_and_some_symbols_are_taken_of_a_stack(stack: Stack, value: str) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": RESOURCES["AWS::IAM::Role"]}

    assert stack(f"s-{uuid.uuid4()}", {"Role": role}, {"owner": value}) == "CREATE_COMPLETE"
