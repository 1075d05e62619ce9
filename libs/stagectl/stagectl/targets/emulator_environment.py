"""The environment of the local emulator, and that of its clients."""

import os
from collections.abc import Mapping
from pathlib import Path

from stagectl.aws import region
from stagectl.system.processes import LOOPBACK

ROOT_ACCESS_KEY = "test"
"""Key id and secret of the emulator's root; they open nothing but the emulator on this machine."""

MAX_CONCURRENT_INVOCATIONS = 1000
"""As many as AWS allows an account. Fewer run: the others wait for a worker (`local_aws`)."""

SURPLUS_WORKER_SECONDS = 15
"""How long a worker that a burst left behind is kept; the first of each function stays."""

MONITORING_INTERVAL_MS = 100
"""How often sls asks CloudFormation; waiting dominates a local deployment."""

_KEPT_FOR_EMULATOR = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ"),
    *("LAMBDA_ACCOUNT_CONCURRENCY", "LAMBDA_WARM_TTL_SECONDS"),
)
_NETWORK = frozenset(
    {*("proxy", "http_proxy", "https_proxy", "all_proxy"), *("ca", "cafile", "https_ca", "https_cafile")}
)
"""What the SDK and sls would reach the loopback address by: proxies, and certificates to read first."""

_NO_FILES = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Keeps the SDKs away from what the user has configured at home."""


def url(port: int) -> str:
    """Return the emulator's endpoint: by `localhost`, the SDK would look for S3 buckets as host names."""
    return f"http://{LOOPBACK}:{port}"


def for_emulator(port: int, folder: Path, user: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of the emulator itself, and so of the Lambdas it runs.

    Nothing of the user's gets in that a Lambda must not see: no credentials, no proxies, no Python settings.

    Args:
        port: Port to listen on.
        folder: Folder that takes all files the emulator writes.
        user: Environment of the caller.
    """
    return {
        "LAMBDA_ACCOUNT_CONCURRENCY": str(MAX_CONCURRENT_INVOCATIONS),
        "LAMBDA_WARM_TTL_SECONDS": str(SURPLUS_WORKER_SECONDS),
        **{name: user[name] for name in _KEPT_FOR_EMULATOR if name in user},
        **_NO_FILES,
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "TMPDIR": str(folder / "tmp"),
        "STATE_DIR": str(folder / "tmp" / "state"),
        "S3_DATA_DIR": str(folder / "tmp" / "s3"),
        "PYTHONUNBUFFERED": "1",
    }


def without_aws(user: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return an environment without the user's AWS settings, in whichever variable or file they stand."""
    kept = {name: value for name, value in user.items() if not name.upper().startswith("AWS_")}
    return {**kept, **_NO_FILES}


def for_clients(port: int, user: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a program that must reach the emulator and nothing else.

    The user's AWS settings and profiles are out of reach, and so are proxies, which sls would use for the
    loopback address too.
    """
    kept = {name: value for name, value in without_aws(user).items() if name.lower() not in _NETWORK}
    return {
        **kept,
        "AWS_ENDPOINT_URL": url(port),
        "AWS_ACCESS_KEY_ID": ROOT_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_ACCESS_KEY,
        "AWS_REGION": region.LOCAL,
        "AWS_DEFAULT_REGION": region.LOCAL,
        "BIGMOUTH_PORT": str(port),
        "SLS_AWS_MONITORING_FREQUENCY": str(MONITORING_INTERVAL_MS),
    }
