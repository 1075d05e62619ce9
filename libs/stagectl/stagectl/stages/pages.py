"""The pages of a stage that a person looks at."""

import os
from urllib.parse import quote

from stagectl.errors import StagectlError, UsageError
from stagectl.stacks import published
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.terminal import hints

LANDING_PAGE = "page"
DASHBOARDS = "dashboard"
PATHS = {LANDING_PAGE: "", "staff": "/restaurant", "docs": "/docs"}
"""The product's own pages, with their paths below the landing page."""

_CONSOLES = {"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn"}


def check(stage: Stage, page: str) -> None:
    """Check that a stage has a page.

    Raises:
        UsageError: There is no such page, or it is one of AWS's console and the stage is on an emulator.
    """
    if page in PATHS:
        return
    if page != DASHBOARDS and page not in stage.stacks:
        raise UsageError(hints.unknown("page", page, [*PATHS, DASHBOARDS, *stage.stacks]))
    if stage.target.is_emulator:
        raise UsageError(
            f"{page} is a page of AWS's console, and {stage.target.description} has none. Instead: "
            "stagectl status, logs, trace and dlq list."
        )


def url_of(stage: Stage, page: str) -> str:
    """Return the URL of a page of a stage, whose target must have been entered.

    Args:
        stage: The stage.
        page: A page of the product, `dashboard`, or the name of a service, whose stack is meant.

    Raises:
        StagectlError: What the page shows is not deployed.
    """
    if page in PATHS:
        urls = published.service_urls(stage.name, stage.stacks.values())
        # The others are of the service with the landing page alone.
        root = published.landing_page(urls) if page == LANDING_PAGE else urls.get(published.LANDING_PAGE)
        if root is None:
            raise StagectlError(
                f"Stage {stage.name} has no page {page!r}. Check that it is deployed: stagectl status."
            )
        return f"{root.rstrip('/')}{PATHS[page]}"
    if page == DASHBOARDS:
        return f"{_console('cloudwatch', _partition(stage))}#dashboards:"
    stack = StackStates.of(stage.target).find(stage.stacks[page].on_stage(stage.name))
    if stack is None:
        raise StagectlError(
            f"{page} is not on stage {stage.name}. "
            f"Deploy it: stagectl up --stage {stage.name} --service {page}."
        )
    partition = stack.stack_id.split(":")[1]
    return (
        f"{_console('cloudformation', partition)}#/stacks/stackinfo?stackId={quote(stack.stack_id, safe='')}"
    )


def _partition(stage: Stage) -> str:
    states = StackStates.of(stage.target)
    found = (states.find(stack.on_stage(stage.name)) for stack in stage.stacks.values())
    return next(stack.stack_id for stack in found if stack).split(":")[1]


def _console(product: str, partition: str) -> str:
    region = os.environ["AWS_REGION"]
    return f"https://{region}.{_CONSOLES.get(partition, _CONSOLES['aws'])}/{product}/home?region={region}"
