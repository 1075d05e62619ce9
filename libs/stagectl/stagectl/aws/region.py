"""The AWS region of a command: chosen by its user, never assumed."""

from collections.abc import Mapping
from pathlib import Path

LOCAL = "us-east-1"
"""Where the emulator's resources are, whatever the user's own settings say."""

WAY_OUT = (
    "No AWS region. Pass --region, set AWS_REGION, or set the profile's region "
    "(aws configure set region eu-central-1)"
)


def chosen(user: Mapping[str, str]) -> str | None:
    """Return the region that an environment chooses, None when it chooses none.

    The SDKs and sls look in different places for it: here all of them count, as for sls in
    shared-infra/region.cjs.

    Args:
        user: Environment of the caller.
    """
    return user.get("AWS_REGION") or user.get("AWS_DEFAULT_REGION") or _of_profile(user)


def _of_profile(user: Mapping[str, str]) -> str | None:
    from botocore.configloader import load_config  # noqa: PLC0415 - comes with boto3, see aws.py
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    home = Path(user.get("HOME") or Path.home()) / ".aws"
    path = user.get("AWS_CONFIG_FILE") or str(home / "config")
    name = user.get("AWS_PROFILE") or user.get("AWS_DEFAULT_PROFILE") or "default"
    try:
        region = load_config(str(Path(path).expanduser()))["profiles"].get(name, {}).get("region")
    except (BotoCoreError, OSError, UnicodeDecodeError):
        return None  # what uses the profile says what is wrong with it
    return region if isinstance(region, str) else None
