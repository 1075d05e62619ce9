"""Where the configuration of a deployed function stands."""

import json
import re

from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.stacks.stack_states import StackStates


def of_function(states: StackStates, stage: str, stack: Stack, function: str) -> str:
    """Return the name of the parameter that a function of a stage reads.

    The permissions in the deployed template say so, as a temporary stage may read that of another one.

    Raises:
        UsageError: The stack is not deployed, its version there has no configuration, or it is another
            stage's.
    """
    name = stack.on_stage(stage)
    if not states.find(name):
        raise UsageError(f"Stage {stage} has no {stack.name}. Deploy it first: stagectl up --stage {stage}.")
    granted = re.compile(rf":parameter(/{re.escape(stack.name)}/([\w.-]+)/{re.escape(function)}/config)\b")
    found = granted.search(json.dumps(states.deployed_template(name)))
    if found is None:
        raise UsageError(
            f"{stack.name}/{function}, as it is deployed on stage {stage}, has no configuration."
        )
    if found[2] != stage:
        raise UsageError(
            f"Stage {stage} reads the configuration of stage {found[2]}: pass --stage {found[2]}."
        )
    return found[1]
