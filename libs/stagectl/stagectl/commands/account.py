"""Commands about what is deployed once per AWS account."""

import typer

from stagectl import console, emulator_environment, execution_policy, file_lock, services
from stagectl.checkout import Checkout
from stagectl.child_process import Children
from stagectl.deploy import LOCK_NAME
from stagectl.errors import StagectlError

_STAGE = "preview-roles"
# The roles are for every stage, also for those whose functions are published.
_WITH_ALL_TYPES = ("--param", "snapStart=true")


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("generate-roles", rich_help_panel="Sources")(generate_roles)


def generate_roles() -> None:
    """Write anew what CloudFormation may do, from the resource types that the stacks declare.

    The result is shared-infra/account/execution-policy.json; deploying it is for an administrator.

    For example:

        stagectl generate-roles
    """
    checkout = Checkout.of_this_file()
    stacks = services.discover(checkout.root).values()
    children = Children()
    with file_lock.hold(checkout.state / LOCK_NAME, "compiling the templates"):
        for stack in stacks:
            command = [str(checkout.sls), "package", "--stage", _STAGE, *_WITH_ALL_TYPES]
            packaged = children.run(command, cwd=stack.folder, environment=emulator_environment.without_aws())
            if packaged.exit_code:
                raise StagectlError(f"{stack.name} was not compiled:\n{packaged.output.strip()}")
        templates = execution_policy.compiled(stacks, _STAGE)
    path = checkout.root / execution_policy.POLICY_FILE
    path.write_text(execution_policy.derive(templates), encoding="utf-8")
    console.result(checkout.shown(path))
