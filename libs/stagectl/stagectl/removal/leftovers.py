"""What a stage leaves behind that no stack deletes: parameters, log groups, and API keys of partners."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.aws import refusals
from stagectl.checkout.services import Stack
from stagectl.stacks.stack_status import Resource
from stagectl.targets.stage_name import name_on_stage

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_ssm.client import SSMClient

_FUNCTION = "AWS::Lambda::Function"
_PARTNERS = "partners"
"""The stack whose plan the keys belong to. Who removes a stage without it needs no permission for keys."""


@dataclass(frozen=True)
class Left:
    """What could not be removed, and why."""

    what: str
    reason: str


def log_groups_of_functions(stacks: Iterable[Stack], stage: str) -> set[str]:
    """Return the log groups that the functions of stacks have on a stage."""
    return {
        _log_group(name_on_stage(stack.name, function, stage))
        for stack in stacks
        for function in stack.functions
    }


def log_groups_of_resources(resources: Sequence[Resource]) -> set[str]:
    """Return the log groups that AWS makes for the functions among the resources of a stage."""
    return {_log_group(one.physical_id) for one in resources if one.type == _FUNCTION}


class Leftovers:
    """Removes parameters, log groups and API keys.

    Args:
        ssm: Client of its target.
        logs: Client of the same target.
        gateway: Client of the same target.
    """

    def __init__(self, ssm: "SSMClient", logs: "CloudWatchLogsClient", gateway: "APIGatewayClient") -> None:
        self._ssm = ssm
        self._logs = logs
        self._gateway = gateway

    @classmethod
    def here(cls) -> "Leftovers":
        """Return those of the target that has been entered."""
        session = aws.session()
        return cls(session.client("ssm"), session.client("logs"), session.client("apigateway"))

    def remove(self, stage: str, services: Iterable[str], log_groups: Iterable[str]) -> list[Left]:
        """Remove the parameters of services on a stage, log groups, and the keys of its partners.

        The parameters are all below `/{service}/{stage}/`: what operators and seeding wrote there, and copies
        of another stage's. A function that still writes while its stack is deleted makes its log group anew,
        without retention.

        Returns:
            What could not be removed. What does not exist is skipped.
        """
        removed = list(services)
        names: list[str] = []
        keys: list[str] = []
        paths = [f"/{service}/{stage}/" for service in removed]
        left = _try_all({f"parameters of {stage}": lambda: names.extend(self._parameters(paths, stage))})
        if _PARTNERS in removed:
            left += _try_all({f"API keys of {stage}": lambda: keys.extend(self._keys(stage))})
        work = {f"parameter {name}": partial(self._remove_parameter, name) for name in names}
        work |= {f"log group {name}": partial(self._remove_log_group, name) for name in sorted(log_groups)}
        work |= {f"API key {key}": partial(self._remove_key, key) for key in keys}
        return left + _try_all(work)

    def _keys(self, stage: str) -> list[str]:
        pages = self._gateway.get_paginator("get_api_keys").paginate(nameQuery=f"{_PARTNERS}-{stage}-")
        # Another stage's name may begin like this one's.
        ours = (key for page in pages for key in page["items"] if key.get("tags", {}).get("stage") == stage)
        return [key["id"] for key in ours]

    def _remove_key(self, key: str) -> None:
        self._gateway.delete_api_key(apiKey=key)

    def _parameters(self, paths: Sequence[str], stage: str) -> list[str]:
        # Unlike GetParametersByPath, this asks once for all, and never brings their values here.
        pages = self._ssm.get_paginator("describe_parameters").paginate(
            ParameterFilters=[{"Key": "Name", "Option": "Contains", "Values": [f"/{stage}/"]}]
        )
        names = [parameter["Name"] for page in pages for parameter in page["Parameters"]]
        return [name for name in names if name.startswith(tuple(paths))]

    def _remove_parameter(self, name: str) -> None:
        self._ssm.delete_parameter(Name=name)

    def _remove_log_group(self, name: str) -> None:
        self._logs.delete_log_group(logGroupName=name)


def _try_all(work: Mapping[str, Callable[[], None]]) -> list[Left]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    left = []
    for what, remove in work.items():
        try:
            remove()
        except (BotoCoreError, ClientError) as error:
            if not refusals.is_missing(error):
                left.append(Left(what, str(error)))
    return left


def _log_group(function_name: str) -> str:
    return f"/aws/lambda/{function_name}"
