import subprocess
import sys
from pathlib import Path
from typing import Any

from service_kit.clients import client, session, table

PACKAGE = Path(__file__).parent.parent


def test_there_is_one_session() -> None:
    assert session() is session()


def test_there_is_one_client_for_each_service() -> None:
    assert client("ssm") is client("ssm")


def test_clients_give_up_soon() -> None:
    config: Any = client("ssm").meta.config
    assert config.connect_timeout <= 1
    assert config.read_timeout <= 2
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


def test_there_is_one_resource_for_each_table() -> None:
    assert table("orders") is table("orders")
    assert table("orders").name == "orders"


def test_importing_everything_makes_no_session_and_needs_no_boto3() -> None:
    modules = ["events", "http", "queue", "stream", "discovery", "parameters", "signed_http", "clients"]
    program = (
        f"import sys; from service_kit import {', '.join(modules)}; "
        "print([name for name in ('boto3', 'botocore.session', 'botocore.client') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
