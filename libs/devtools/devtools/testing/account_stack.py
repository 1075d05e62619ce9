"""The account's stack (`shared-infra/account`) on the emulator."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from devtools.testing import workflow_role
from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.deployment import build_folders
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

NAME = "big-mouth-account"


@contextmanager
def present(checkout: Checkout, environment: Mapping[str, str], **parameters: str) -> Iterator[None]:
    """Deploy the account's stack and remove it afterwards; leave an existing one unchanged.

    Args:
        checkout: The checkout whose stack is meant.
        environment: Environment of programs that work on the emulator as its root, and of this process.
        parameters: Parameters of the stack that differ from their defaults, such as `previewBase`.

    Raises:
        StagectlError: It was not deployed, or not removed.
    """
    stacks = aws.session().client("cloudformation").get_paginator("describe_stacks").paginate()
    if NAME in stacks.search("Stacks[?StackStatus != 'DELETE_COMPLETE'].StackName"):
        yield
        return
    # The emulator's CloudFormation does not know identity providers, and does not ask for one.
    parameters = {"repository": workflow_role.REPOSITORY, "oidcProvider": "existing", **parameters}
    settings = [f"--param={name}={value}" for name, value in parameters.items()]
    _sls(checkout, environment, "deploy", *settings)
    try:
        yield
    finally:
        _sls(checkout, environment, "remove", *settings)


def _sls(checkout: Checkout, environment: Mapping[str, str], *arguments: str) -> None:
    folder = checkout.root / "shared-infra" / "account"
    with build_folders.hold(checkout, "deploying the account's stack"):
        ran = Children().run([str(checkout.sls), *arguments], cwd=folder, environment=environment)
    if ran.exit_code:
        raise StagectlError(f"sls {arguments[0]} of the account's stack failed:\n{ran.output.strip()}")
