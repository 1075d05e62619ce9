"""Functions that tests deploy."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def made(aws: Callable[..., Any], source: str) -> str:
    """Create a function of one module, whose handler is `handle`, with a role, and return its name."""
    name, content = f"function-{uuid.uuid4().hex}", io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("shop.py"), source)
    role = aws("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    )["Role"]["Arn"]
    aws("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="shop.handle",
        Code={"ZipFile": content.getvalue()},
    )
    return name
