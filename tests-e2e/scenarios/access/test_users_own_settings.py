"""The local stage starts on any machine, whatever its user has set up for AWS."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from stagectl.checkout import Checkout
from stagectl.system.processes import free_port

from support.stage import REPOSITORY

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(300)]

PROGRAM = str(Checkout(REPOSITORY).python.parent / "stagectl")
CONFIG = """
[default]
region = eu-west-3
endpoint_url = http://127.0.0.1:1
use_fips_endpoint = true
retry_mode = nonsense
sso_session = of-nobody
services = elsewhere
[services elsewhere]
sqs =
  endpoint_url = http://127.0.0.1:1
"""
NOWHERE = "http://127.0.0.1:1"
HOSTILE = {
    "AWS_PROFILE": "of-nobody",
    "AWS_REGION": "eu-west-1",
    "AWS_SDK_LOAD_CONFIG": "1",
    "AWS_CA_BUNDLE": "/not/there.pem",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_ENDPOINT_URL_SQS": NOWHERE,
    "AWS_MAX_ATTEMPTS": "0",
    "AWS_RETRY_MODE": "nonsense",
    "AWS_STS_REGIONAL_ENDPOINTS": "nonsense",
    "AWS_ROLE_ARN": "arn:aws:iam::1:role/of-nobody",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/not/there",
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "cafile": "/not/there.pem",
}


def _stagectl(environment: dict[str, str], *arguments: str) -> str:
    ran = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A user's environment in which nothing of AWS is right, with a port of its own."""
    (tmp_path / ".aws").mkdir()
    for name in ("config", "credentials"):
        (tmp_path / ".aws" / name).write_text(CONFIG)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    caches = {"XDG_CACHE_HOME": str(Path.home() / ".cache")}
    found = {**caches, **kept, **HOSTILE, "HOME": str(tmp_path)}
    found["BIGMOUTH_PORT"] = str(free_port())
    yield found
    subprocess.run([PROGRAM, "stop", "--port", found["BIGMOUTH_PORT"]], check=True, env=found)


def test_a_local_stage_starts_and_answers_whatever_the_user_has_set_up(environment: dict[str, str]) -> None:
    _stagectl(environment, "up", "--stage", "local")

    pool = json.loads(_stagectl(environment, "users", "list", "--stage", "local", "--json"))
    assert "demo@bigmouth.example" in {user["email"] for user in pool}
    _stagectl(environment, "smoke", "--stage", "local")


def test_a_stack_is_deployed_and_found_where_the_users_settings_cannot_be_read(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".aws" / "config").write_text("[default")
    environment["AWS_CONFIG_FILE"] = str(tmp_path / ".aws" / "config")
    del environment["AWS_PROFILE"]

    _stagectl(environment, "up", "--stage", "local", "--service", "shared-infra")

    status = json.loads(_stagectl(environment, "status", "--stage", "local", "--json"))
    assert "shared-infra" in json.dumps(status)
