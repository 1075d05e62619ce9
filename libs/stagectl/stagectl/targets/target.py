"""The target of a stage: the emulator of this machine, an endpoint, or AWS."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from stagectl import aws
from stagectl.aws import region
from stagectl.checkout import Checkout
from stagectl.checkout.facts import LOOPBACK_HOSTS
from stagectl.errors import CredentialsError, UsageError
from stagectl.targets import emulator_environment
from stagectl.targets.emulator import Emulator

LOCAL_STAGE = "local"
DEFAULT_PORT = 4566
_MAX_PORT = 65535


@dataclass(frozen=True)
class Target:
    """What stages are deployed to: an emulator, an endpoint or AWS.

    Attributes:
        description: What it is, for people.
        environment: Whole environment of the programs that work on it.
        is_emulator: Whether it is an emulator, where incomplete stacks may be removed.
        emulator: The emulator that this checkout manages there, if it is one.
    """

    description: str
    environment: Mapping[str, str]
    is_emulator: bool
    emulator: Emulator | None = None

    def enter(self) -> None:
        """Let the AWS clients of this process work on the target, as its children's do.

        The SDK reads settings from the environment at many moments; exchanging it whole keeps the user's
        profile and proxies out of reach for all of them.
        """
        os.environ.clear()
        os.environ.update(self.environment)


def resolve(
    checkout: Checkout,
    stage: str,
    *,
    use_emulator: bool = False,
    port: int | None = None,
    user: Mapping[str, str] = os.environ,
) -> Target:
    """Return the target of a stage; nothing is started or called.

    The stage `local`, and any stage with `use_emulator`, is on this checkout's emulator. Otherwise
    AWS_ENDPOINT_URL decides, and without it the stage is on AWS.

    Args:
        checkout: The checkout whose emulator is meant.
        stage: Stage name.
        use_emulator: Put a stage other than `local` on the emulator too.
        port: Port of the emulator; BIGMOUTH_PORT or 4566 when not given.
        user: Environment of the caller.

    Raises:
        UsageError: BIGMOUTH_PORT is not a port.
    """
    if stage == LOCAL_STAGE or use_emulator:
        return on_emulator(Emulator(checkout, port or default_port(user)), user)
    return remote(user)


def remote(user: Mapping[str, str] = os.environ) -> Target:
    """Return the target outside of this checkout: what AWS_ENDPOINT_URL names, else AWS."""
    endpoint = user.get("AWS_ENDPOINT_URL") or None
    is_loopback = endpoint is not None and urlsplit(endpoint).hostname in LOOPBACK_HOSTS
    chosen = region.chosen(user) or (region.LOCAL if is_loopback else None)
    # Both, as the SDKs and sls look in different places.
    environment = {**user, **({"AWS_REGION": chosen, "AWS_DEFAULT_REGION": chosen} if chosen else {})}
    if endpoint is None:
        return Target("AWS", environment, is_emulator=False)
    if is_loopback:
        environment.setdefault(
            "SLS_AWS_MONITORING_FREQUENCY", str(emulator_environment.MONITORING_INTERVAL_MS)
        )
    return Target(endpoint, environment, is_emulator=is_loopback)


def on_emulator(emulator: Emulator, user: Mapping[str, str] = os.environ) -> Target:
    """Return the target that an emulator of this checkout is."""
    return Target(
        description=f"the local emulator on port {emulator.port}",
        environment=emulator_environment.for_clients(emulator.port, user),
        is_emulator=True,
        emulator=emulator,
    )


def default_port(user: Mapping[str, str] = os.environ) -> int:
    """Return the port that BIGMOUTH_PORT names, or 4566.

    Raises:
        UsageError: BIGMOUTH_PORT is not a port.
    """
    text = user.get("BIGMOUTH_PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= _MAX_PORT:
        raise UsageError(f"BIGMOUTH_PORT={text} is no port. Use a number from 1 to {_MAX_PORT}.")
    return int(text)


def account_id(target: Target) -> str:
    """Return the id of the account of the target's credentials. The target must have been entered.

    Raises:
        CredentialsError: There are no credentials, or they are refused or expired.
        UsageError: No region is chosen.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    chosen = target.environment.get("AWS_REGION")
    try:
        # Any region can tell whose credentials they are.
        client = aws.session().client("sts", region_name=chosen or region.LOCAL)
        account = client.get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise CredentialsError(
            f"No usable credentials for {target.description}: {error}. "
            "Sign in (such as `aws sso login`, or AWS_PROFILE), or use the local stage: --stage local."
        ) from error
    if not chosen:
        raise UsageError(region.WAY_OUT)
    return account
