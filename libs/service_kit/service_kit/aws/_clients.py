"""AWS clients and tables: one boto3 session per process, with short timeouts and few retries."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, cast, overload

import boto3.session
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader

from service_kit.deadlines import heed_deadlines
from service_kit.snapshots import after_restore, before_snapshot
from service_kit.startup import is_in_lambda

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_ssm.client import SSMClient
    from mypy_boto3_stepfunctions.client import SFNClient
    from mypy_boto3_sts.client import STSClient

__all__ = ["ca_bundle", "client", "close_connections", "session", "table"]

# Short enough for a second attempt in the six seconds that most functions have; `deadlines` ends what takes
# longer.
CONNECT_TIMEOUT_SECONDS = 1
READ_TIMEOUT_SECONDS = 2
MAX_ATTEMPTS = 3
# The roots that AWS signs its endpoints with; aws_roots.pem says where they are from.
AWS_ROOTS = Path(__file__).with_name("aws_roots.pem")

# Making a client reads and writes the session's caches, which is not safe across threads.
_lock = RLock()
_clients: dict[str, Any] = {}
_tables: dict[str, Table] = {}


def session() -> boto3.session.Session:
    """Return the one boto3 session of this process."""
    with _lock:
        return _session()


@overload
def client(service_name: Literal["cognito-idp"]) -> CognitoIdentityProviderClient: ...
@overload
def client(service_name: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service_name: Literal["events"]) -> EventBridgeClient: ...
@overload
def client(service_name: Literal["lambda"]) -> LambdaClient: ...
@overload
def client(service_name: Literal["s3"]) -> S3Client: ...
@overload
def client(service_name: Literal["sns"]) -> SNSClient: ...
@overload
def client(service_name: Literal["sqs"]) -> SQSClient: ...
@overload
def client(service_name: Literal["ssm"]) -> SSMClient: ...
@overload
def client(service_name: Literal["stepfunctions"]) -> SFNClient: ...
@overload
def client(service_name: Literal["sts"]) -> STSClient: ...
@overload
def client(service_name: str) -> Any: ...
def client(service_name: str) -> Any:
    """Return the client of an AWS service; the same one at every call, safe to share between threads.

    Args:
        service_name: boto3's name, such as `dynamodb` or `events`.
    """
    with _lock:
        if service_name not in _clients:
            _clients[service_name] = _session().client(
                cast("Any", service_name), config=_config(), verify=ca_bundle()
            )
        return _clients[service_name]


def table(name: str) -> Table:
    """Return a DynamoDB table of boto3's resource; the same one at every call.

    It is not safe to share between threads.

    Args:
        name: The table's name or ARN.
    """
    with _lock:
        if name not in _tables:
            _tables[name] = _dynamodb(_session()).Table(name)
        return _tables[name]


def ca_bundle() -> str | None:
    """Return the file of certificates that AWS is recognised by; None leaves the choice to botocore.

    AWS_CA_BUNDLE wins. Else it is, in Lambda, the kit's own file of AWS's roots: every connection reads the
    whole file, and all the roots that browsers trust take 17 ms each time, these 0.4 ms.
    """
    if named := os.environ.get("AWS_CA_BUNDLE"):
        return named
    return str(AWS_ROOTS) if is_in_lambda() else None


def close_connections() -> None:
    """Close the connections of all clients; each makes new ones at its next request.

    No connection outlives a snapshot. After a restore they are closed once more, since another hook may have
    used a client after ours had closed them.
    """
    with _lock:
        for made in [*_clients.values(), *(table.meta.client for table in _tables.values())]:
            made.close()


@cache
def _session() -> boto3.session.Session:
    core = botocore.session.Session()
    core.register_component("data_loader", _service_models(os.environ.get("LAMBDA_TASK_ROOT", "")))
    heed_deadlines(core)
    return boto3.session.Session(botocore_session=core)


# Apart from the session: tests make many sessions, which read the same models.
@cache
def _service_models(package: str) -> Loader:
    """Return what a package holds of botocore's data, the services that its functions may call; else all.

    botocore would look through the folders of four hundred services before the first client.
    """
    packaged = Path(package, "aws_models")
    if packaged.is_dir():
        return Loader(extra_search_paths=[str(packaged)], include_default_search_paths=False)
    return create_loader(os.environ.get("AWS_DATA_PATH"))


@cache
def _dynamodb(session: boto3.session.Session) -> DynamoDBServiceResource:
    return session.resource("dynamodb", config=_config(), verify=ca_bundle())


def _config() -> Config:
    return Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": MAX_ATTEMPTS},
        tcp_keepalive=True,
    )


before_snapshot(close_connections)
after_restore(close_connections)
