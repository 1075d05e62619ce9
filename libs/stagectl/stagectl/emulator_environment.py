"""The environments around the local emulator: its own, and that of the programs that talk to it."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT_ACCESS_KEY = "test"
"""Key id and secret of the emulator's root; they open nothing but the emulator on this machine."""

DEFAULT_REGION = "us-east-1"
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
_PROXIES = ("proxy", "http_proxy", "https_proxy", "all_proxy")


def url(port: int) -> str:
    """Return the emulator's endpoint: by `localhost`, the SDK would look for S3 buckets as host names."""
    return f"http://127.0.0.1:{port}"


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
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "TMPDIR": str(folder / "tmp"),
        "STATE_DIR": str(folder / "tmp" / "state"),
        "S3_DATA_DIR": str(folder / "tmp" / "s3"),
        "PYTHONUNBUFFERED": "1",
    }


def for_clients(port: int, user: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a program that must reach the emulator and nothing else.

    The user's AWS settings and profiles are out of reach, and so are proxies, which sls would use for the
    loopback address too.
    """
    region = user.get("AWS_REGION") or user.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
    kept = {name: value for name, value in user.items() if not _is_aws(name) and name.lower() not in _PROXIES}
    return {
        **kept,
        "AWS_ENDPOINT_URL": url(port),
        "AWS_ACCESS_KEY_ID": ROOT_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_ACCESS_KEY,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "BIGMOUTH_PORT": str(port),
        "SLS_AWS_MONITORING_FREQUENCY": str(MONITORING_INTERVAL_MS),
    }


def _is_aws(name: str) -> bool:
    return name.startswith("AWS_")
