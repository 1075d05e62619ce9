"""Stages of a few small resources, for tests of stages themselves."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from support.polling import until
from support.stage import Stage

QUEUE = {"Type": "AWS::SQS::Queue"}
DEADLINE_SECONDS = 10


def deploy(stage: Stage, service: str, name: str, resources: Mapping[str, Any], **tags: str) -> str:
    """Create a service's stack on a stage, tagged like a deployment, and return its final state.

    Args:
        stage: The stage under test, whose place the other one shares.
        service: Name of the service.
        name: Name of the stage to make the stack on.
        resources: Resources of the template, by logical id; with `Outputs` among them, those of the template.
        tags: Further tags, with `_` for `-`.
    """
    stack = f"{service}-{name}"
    tagged = {"project": "big-mouth", "service": service, "stage": name}
    tagged |= {key.replace("_", "-"): value for key, value in tags.items()}
    template = {"Resources": {key: value for key, value in resources.items() if key != "Outputs"}}
    stage.cloudformation.create_stack(
        StackName=stack,
        TemplateBody=json.dumps(template | {"Outputs": resources.get("Outputs", {})}),
        Tags=[{"Key": key, "Value": value} for key, value in tagged.items()],
    )
    return until(
        lambda: stage.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"],
        lambda state: not state.endswith("_IN_PROGRESS"),
        within_seconds=DEADLINE_SECONDS,
        what=f"{stack} is made",
    )


def stacks_of(stage: Stage, name: str) -> set[str]:
    """Return the names of a stage's stacks."""
    pages = stage.cloudformation.get_paginator("describe_stacks").paginate()
    return {
        one["StackName"] for page in pages for one in page["Stacks"] if one["StackName"].endswith(f"-{name}")
    }


@contextmanager
def swept(stage: Stage, *names: str) -> Iterator[None]:
    """Remove all stacks of some stages at the end of the test."""
    try:
        yield
    finally:
        for name in names:
            for stack in stacks_of(stage, name):
                stage.cloudformation.delete_stack(StackName=stack)
            until(
                partial(stacks_of, stage, name),
                lambda left: not left,
                within_seconds=DEADLINE_SECONDS,
                what=f"{name} is gone",
            )
