"""The aliases `live` of a stack's functions."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from stagectl import aws
from stagectl.releases.record import Record
from stagectl.stacks.stack_reader import StackReader

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

ALIAS = "live"
_ALIAS_TYPE = "AWS::Lambda::Alias"
CALLS_AT_ONCE = 8


@dataclass(frozen=True)
class LiveFunction:
    """A function whose calls go through the alias.

    Attributes:
        stack: Name of its CloudFormation stack, which is also that of its application in CodeDeploy.
        name: Its name, which is also that of its deployment group.
        version: Version that is live; while traffic is shifted, the one that it comes from.
        shares: Share of the traffic, from 0 to 1, of a version to which traffic is being shifted.
        description: Description of the alias.
    """

    stack: str
    name: str
    version: str
    shares: Mapping[str, float]
    description: str

    @property
    def record(self) -> Record | None:
        """The record of its last release; None when it had none."""
        return Record.parse(self.description)


class LiveAliases:
    """Reads and moves aliases.

    Args:
        stacks: The stacks of the target.
        functions: Lambda's client of the same target.
    """

    def __init__(self, stacks: StackReader, functions: "LambdaClient") -> None:
        self._stacks = stacks
        self._functions = functions

    @classmethod
    def of_entered_target(cls) -> Self:
        """Return the aliases of the target that has been entered."""
        session = aws.session()
        return cls(StackReader(session.client("cloudformation")), session.client("lambda"))

    def of_stacks(self, stacks: Iterable[str]) -> list[LiveFunction]:
        """Return the released functions of stacks, such as those of a stage."""
        return [function for stack in stacks for function in self.of_stack(stack)]

    def of_stack(self, stack: str) -> list[LiveFunction]:
        """Return the released functions of a stack; none of a stack that does not exist."""
        if self._stacks.find(stack) is None:
            return []
        arns = [one.physical_id for one in self._stacks.resources(stack) if one.type == _ALIAS_TYPE]
        names = sorted(arn.split(":")[6] for arn in arns if arn.endswith(f":{ALIAS}"))
        with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
            return list(pool.map(lambda name: self._read(stack, name), names))

    def describe(self, function: LiveFunction, description: str) -> None:
        """Set the description of an alias."""
        self._functions.update_alias(FunctionName=function.name, Name=ALIAS, Description=description)

    def move(self, function: LiveFunction, version: str, description: str) -> None:
        """Send all calls to one version, at once.

        Raises:
            ClientError: The version does not exist, or the alias may not be changed.
        """
        self._functions.update_alias(
            FunctionName=function.name,
            Name=ALIAS,
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": {}},
            Description=description,
        )

    def _read(self, stack: str, name: str) -> LiveFunction:
        alias = self._functions.get_alias(FunctionName=name, Name=ALIAS)
        shares = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
        return LiveFunction(stack, name, alias["FunctionVersion"], shares, alias.get("Description", ""))
