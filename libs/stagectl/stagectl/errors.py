"""What can go wrong in a way that the user can act on.

The command line prints the message of these errors as it stands, without a stack, and ends with their exit
code.
"""


class StagectlError(Exception):
    """The command could not do its work; the message names the cause and the way out."""

    exit_code = 1


class UsageError(StagectlError):
    """The command was asked for something that makes no sense."""

    exit_code = 2


class StageNameError(UsageError):
    """A stage name that AWS would refuse."""


class ProtectedError(UsageError):
    """Something that was to go is protected against it."""


class StacksError(StagectlError):
    """The stacks of the checkout do not fit together."""


class EmulatorError(StagectlError):
    """The local emulator did not start or stop."""


class PortTakenError(EmulatorError):
    """Somebody else listens on the port that the emulator wants."""


class CredentialsError(StagectlError):
    """AWS refuses the credentials, or there are none."""


class DeploymentError(StagectlError):
    """A stack failed to deploy or to go."""


class BusyError(StagectlError):
    """Another command of this checkout is at work on the same thing.

    Args:
        message: What is the case, and the way out.
        holder: Which process that is, when it is known.
    """

    def __init__(self, message: str, *, holder: str | None = None) -> None:
        super().__init__(message)
        self.holder = holder
