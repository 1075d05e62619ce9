"""A running emulator, which tests ask as they would ask AWS."""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from stagectl.checkout import Checkout
from stagectl.system import processes
from stagectl.targets.emulator import Emulator

REGION = "us-east-1"


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    running = Emulator(Checkout(Path(__file__).parents[3]), processes.free_port())
    running.start()
    yield running
    running.stop()
    shutil.rmtree(running.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def aws(emulator: Emulator) -> Callable[..., Any]:
    """Return clients of the account's owner, or of others by their keys."""

    def client(service: str, key: str = "test", secret: str = "test") -> Any:  # noqa: S107
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=emulator.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
        )

    return client


@pytest.fixture
def as_user(aws: Callable[..., Any]) -> Callable[..., Any]:
    """Return clients of a new IAM user with the statements of its policy."""

    def client(service: str, *statements: dict[str, Any], tags: dict[str, str] | None = None) -> Any:
        iam, name = aws("iam"), f"user-{uuid.uuid4().hex}"
        iam.create_user(
            UserName=name, Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        )
        if statements:
            policy = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_user_policy(UserName=name, PolicyName="its", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return aws(service, key["AccessKeyId"], key["SecretAccessKey"])

    return client


@pytest.fixture
def stack(aws: Callable[..., Any]) -> Callable[..., str]:
    """Make stacks of resources; returns the status each ends with."""

    def make(name: str, resources: dict[str, Any], tags: dict[str, str] | None = None) -> str:
        cloudformation = aws("cloudformation")
        cloudformation.create_stack(
            StackName=name,
            Capabilities=["CAPABILITY_IAM"],
            TemplateBody=json.dumps({"Resources": resources}),
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        waiter = cloudformation.get_waiter("stack_exists")
        waiter.wait(StackName=name)
        while True:
            status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            if not status.endswith("IN_PROGRESS"):
                return str(status)

    return make
