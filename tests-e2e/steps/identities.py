"""Further identities whose requests are signed."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from botocore.credentials import Credentials

from drivers.over_http import OverHttp
from support.stage import Stage


@contextmanager
def an_iam_user(stage: Stage, *statements: dict[str, Any]) -> Iterator[OverHttp]:
    """Yield a driver of a new IAM user with these permissions, who is removed afterwards."""
    name = f"e2e-{uuid.uuid4()}"
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    with ExitStack() as undo:
        stage.iam.create_user(UserName=name)
        undo.callback(stage.iam.delete_user, UserName=name)
        if statements:
            stage.iam.put_user_policy(UserName=name, PolicyName="tested", PolicyDocument=json.dumps(policy))
            undo.callback(stage.iam.delete_user_policy, UserName=name, PolicyName="tested")
        key = stage.iam.create_access_key(UserName=name)["AccessKey"]
        undo.callback(stage.iam.delete_access_key, UserName=name, AccessKeyId=key["AccessKeyId"])
        driver = OverHttp(stage, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))
        undo.callback(driver.close)
        yield driver
