"""Errors that a user can act on.

The command line prints the message of these errors unchanged, without a stack trace, and exits with their
code.
"""


class StagectlError(Exception):
    """The command could not do its work; the message names the cause and the way out."""

    exit_code = 1


class UsageError(StagectlError):
    """The command line is not valid."""

    exit_code = 2


class StageNameError(UsageError):
    """A stage name that AWS would refuse."""


class ProtectedError(UsageError):
    """A resource to be removed has deletion protection."""


class StacksError(StagectlError):
    """The stacks of the checkout do not fit together."""


class EmulatorError(StagectlError):
    """The local emulator did not start or stop."""


class PortTakenError(EmulatorError):
    """Another program listens on the port of the emulator."""


class CredentialsError(StagectlError):
    """AWS refuses the credentials, or there are none."""


class DeploymentError(StagectlError):
    """A stack could not be deployed or removed."""


class BusyError(StagectlError):
    """Another command of this checkout is working on the same resource.

    Args:
        message: What is wrong, and the way out.
        holder: Which process that is, when it is known.
    """

    def __init__(self, message: str, *, holder: str | None = None) -> None:
        super().__init__(message)
        self.holder = holder
