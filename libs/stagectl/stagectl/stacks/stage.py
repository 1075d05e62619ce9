"""A stage: its name, its stacks and its target."""

from collections.abc import Mapping
from dataclasses import dataclass

from stagectl.checkout.services import Stack
from stagectl.targets.target import Target


@dataclass(frozen=True)
class Stage:
    """A stage that exists or will: its name, its stacks and where it lives.

    Attributes:
        account: Id of the AWS account that it belongs to; empty when it may be any.
    """

    name: str
    stacks: Mapping[str, Stack]
    target: Target
    account: str = ""
