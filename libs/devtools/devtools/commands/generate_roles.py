"""Generate the execution policy of CloudFormation."""

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.terminal import console


def generate_roles() -> None:
    """Write anew what CloudFormation may do, from the resource types that the stacks declare.

    The result is shared-infra/account/execution-policy.json; deploying it is for an administrator.

    For example:

        stagectl generate-roles
    """
    checkout = Checkout.of_this_file()
    console.result(checkout.shown(execution_policy.write(checkout)))
