"""The roles that workflows deploy and test with."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from support.stage import Stage


@contextmanager
def under(credentials: Mapping[str, str]) -> Iterator[None]:
    """Use some credentials in new sessions of this process and in its children, for a block."""
    before = dict(os.environ)
    os.environ.update(credentials)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def role_statements(stage: Stage, role: str) -> list[dict[str, Any]]:
    """Return all statements of a role's own and its managed policies."""
    documents = [
        stage.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in stage.iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    for attached in stage.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        policy = stage.iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]
        version = stage.iam.get_policy_version(
            PolicyArn=attached["PolicyArn"], VersionId=policy["DefaultVersionId"]
        )
        documents.append(version["PolicyVersion"]["Document"])
    # boto3 has decoded them, whatever their type says.
    return [statement for document in cast("list[Any]", documents) for statement in document["Statement"]]
