"""Names without the parts that differ by stage and deployment."""

import re

_MADE_UP = re.compile(
    r"(?<=:userpool/)[^/]+|(?<=/stream/)[^/]+|(?<=:key/)[0-9a-f-]{36}|(?<=:execute-api:\{there\}:)[^/]+"
    r"|(?<=bucket-)[0-9a-z]{12,13}(?![^/])"
)
_PARTITION = re.compile(r"^arn:aws[a-z-]*:")
_THERE = re.compile(r"(?<=:)[a-z0-9-]*:\d{12}(?=:)")


def generic(resource: str, stage: str) -> str:
    """Return an ARN with `{stage}` for the stage, `{there}` for region and account, and `{id}` for ids."""
    text = _THERE.sub("{there}", _PARTITION.sub("arn:", resource))
    text = re.sub(rf"(?<![a-z0-9]){re.escape(stage)}(?![a-z0-9])", "{stage}", text)
    return _MADE_UP.sub("{id}", text)


def function_of(name: str, stage: str) -> str | None:
    """Return `service/function` for a function's or its role's name, None for one of another stage."""
    service, _, function = name.partition(f"-{stage}-")
    return f"{service}/{function}" if function else None
