"""The code of a stage's services by its hash: what is packaged here, and what is deployed."""

import json
from collections.abc import Mapping

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.diff import stage_diff
from stagectl.targets.stage_name import name_on_stage


def packaged(stacks: Mapping[str, Stack]) -> dict[str, str]:
    """Return the SHA-256 of each service's package, which must have been built, in Lambda's form."""
    hashes = {}
    for name, stack in stacks.items():
        if stack.functions:
            resources = json.loads((stack.folder / stage_diff.TEMPLATE).read_text("utf-8"))["Resources"]
            function = next(one for one in resources.values() if one["Type"] == stage_diff.FUNCTION)
            hashes[name] = stage_diff.packaged_hash(stack.folder, function)
    return hashes


def deployed(stage: str, stacks: Mapping[str, Stack]) -> dict[str, str]:
    """Return the SHA-256 of the code of each service's functions on a stage, as Lambda tells it.

    The stage's target must have been entered.
    """
    functions = aws.session().client("lambda")
    return {
        name: functions.get_function(FunctionName=name_on_stage(name, stack.functions[0], stage))[
            "Configuration"
        ]["CodeSha256"]
        for name, stack in stacks.items()
        if stack.functions
    }
