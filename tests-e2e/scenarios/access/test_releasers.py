"""The roles that deploy permanent stages move aliases and remove versions of their own, and no function."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from devtools.testing import account_stack, workflow_role
from stagectl.checkout import Checkout

from steps import deployers
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.beside_previews]

TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.fixture(scope="module")
def releaser(stage: Stage) -> Iterator[Any]:
    """Lambda as the role has it that deploys `dev` and `staging`."""
    with (
        deployers.under({"AWS_DEFAULT_REGION": stage.region}),
        account_stack.present(Checkout(REPOSITORY), dict(os.environ), previewBase=stage.name),
    ):
        taken = workflow_role.assume("main-deployer", workflow_role.token("environment:dev"))
        with deployers.under(taken):
            functions = boto3.Session(region_name=stage.region).client("lambda")
        yield functions


@contextmanager
def a_released_function(name: str) -> Iterator[None]:
    """Make a function with two versions, the second of which is live."""
    functions, iam = boto3.client("lambda"), boto3.client("iam")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    try:
        functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="shop.handle",
            Code={"ZipFile": _archive("1")},
            Publish=True,
        )
        functions.get_waiter("function_active_v2").wait(FunctionName=name)
        functions.update_function_code(FunctionName=name, ZipFile=_archive("2"), Publish=True)
        functions.create_alias(FunctionName=name, Name="live", FunctionVersion="2")
        yield
    finally:
        functions.delete_function(FunctionName=name)
        iam.delete_role(RoleName=name)


def _archive(source: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("shop.py", source)
    return content.getvalue()


def test_a_releaser_moves_an_alias_and_removes_a_version_of_its_stages(releaser: Any) -> None:
    name = "events-dev-of-a-releaser"
    with a_released_function(name):
        assert releaser.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == "2"
        releaser.update_alias(FunctionName=name, Name="live", FunctionVersion="1", Description="back")
        releaser.delete_function(FunctionName=name, Qualifier="2")

        versions = releaser.list_versions_by_function(FunctionName=name)["Versions"]
        assert [one["Version"] for one in versions] == ["$LATEST", "1"]


def test_a_releaser_removes_no_function(releaser: Any) -> None:
    name = "events-dev-of-a-releaser"
    with a_released_function(name), pytest.raises(ClientError, match="AccessDenied"):
        releaser.delete_function(FunctionName=name)


def test_a_releaser_is_refused_on_every_other_stage(releaser: Any) -> None:
    name = "events-prod-of-a-releaser"
    with a_released_function(name):
        for call, arguments in (
            (releaser.get_alias, {"Name": "live"}),
            (releaser.update_alias, {"Name": "live", "FunctionVersion": "1"}),
            (releaser.delete_function, {"Qualifier": "1"}),
            (releaser.list_versions_by_function, {}),
        ):
            with pytest.raises(ClientError, match="AccessDenied"):
                call(FunctionName=name, **arguments)
