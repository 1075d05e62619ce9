"""The AWS account of a stage, where the stage parameters name one."""

import re
from pathlib import Path

from stagectl.checkout.stage_parameters import FILE, declared
from stagectl.errors import CredentialsError, StacksError

PARAMETER = "awsAccount"
_ACCOUNT = re.compile(r"\d{12}")


def of(root: Path, stage: str) -> str:
    """Return the id of the account that a stage belongs to, empty when it may be any.

    Raises:
        StacksError: The value is not an account id.
    """
    account = declared(root, stage, PARAMETER)
    if account and not _ACCOUNT.fullmatch(str(account)):
        raise StacksError(
            f'{FILE}: {PARAMETER} must be twelve digits in quotation marks, like "012345678901".'
        )
    return str(account or "")


def check(stage: str, expected: str, found: str) -> None:
    """Raise when the credentials are of another account than the stage's.

    Raises:
        CredentialsError: They are.
    """
    if expected and found != expected:
        raise CredentialsError(
            f"Stage {stage} belongs to AWS account {expected} ({FILE}), but the credentials are of account "
            f"{found}. Nothing was changed. Use other credentials, for example with AWS_PROFILE."
        )
