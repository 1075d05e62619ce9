"""Generate the execution policy of CloudFormation."""

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.terminal import console


def generate_roles() -> None:
    """Generate the policy of what CloudFormation may do, from the resource types in the stacks.

    Writes shared-infra/account/execution-policy.json, which an administrator deploys.

    For example:

        stagectl generate-roles
    """
    checkout = Checkout.of_this_file()
    console.result(checkout.shown(execution_policy.write(checkout)))
