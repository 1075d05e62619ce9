"""CloudFormation puts a stack's tags on its resources, whose services validate them.

So a stack with a tag that IAM or SSM does not take fails at its first role or parameter, and is rolled back.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services.cloudformation import stacks
from ministack.services.cloudformation.provisioners import _STACK_TAG_PROPERTY

from local_aws.rules._tags import fault_of

CLOUDFORMATIONS_OWN = "aws:cloudformation:"


def install() -> None:
    """Check the tags of a resource before it is made or changed."""
    stacks._provision_keeping_seed = checking(stacks._provision_keeping_seed, properties_at=2)
    stacks._update_keeping_seed = checking(stacks._update_keeping_seed, properties_at=3)


def checking(make: Callable[..., Any], *, properties_at: int) -> Callable[..., Any]:
    """Make the making of a resource fail for its tags."""

    @wraps(make)
    def operation(*arguments: Any) -> Any:
        fault = fault_of(tags_of(arguments[0], arguments[properties_at]))
        if fault:
            raise ValueError(fault)
        return make(*arguments)

    return operation


def tags_of(resource_type: str, properties: dict[str, Any]) -> dict[str, str]:
    """Return the tags of a resource without CloudFormation's own."""
    name, _ = _STACK_TAG_PROPERTY.get(resource_type, ("Tags", ""))
    tags = properties.get(name) or {}
    if isinstance(tags, list):
        tags = {tag["Key"]: tag["Value"] for tag in tags}
    return {key: str(value) for key, value in tags.items() if not key.startswith(CLOUDFORMATIONS_OWN)}
