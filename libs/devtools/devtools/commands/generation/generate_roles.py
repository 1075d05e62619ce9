"""Generate the execution policy of CloudFormation."""

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.terminal import json_document


def generate_roles(*, as_json: AsJson = False) -> None:
    """Generate the policy of what CloudFormation may do, from the resource types in the stacks.

    Writes shared-infra/account/execution-policy.json, which an administrator deploys.

    For example:

        stagectl generate-roles
    """
    checkout = Checkout.of_this_file()
    json_document.show_lines([checkout.shown(execution_policy.write(checkout))], as_json=as_json)
