"""AWS clients: one session per process, made at first use, with short timeouts and few retries."""

from __future__ import annotations

from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from service_kit.aws_models import use_packaged_models

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_ssm.client import SSMClient
    from mypy_boto3_stepfunctions.client import SFNClient
    from mypy_boto3_sts.client import STSClient

__all__ = ["client", "session", "table"]

CONNECT_TIMEOUT_SECONDS = 1
READ_TIMEOUT_SECONDS = 5
MAX_ATTEMPTS = 3
# Parameters have a stale value to fall back on: better soon than for sure.
_SSM_READ_TIMEOUT_SECONDS = 2
_SSM_MAX_ATTEMPTS = 2

# Making a client reads and writes the session's caches, which is not safe across threads.
_lock = RLock()
_clients: dict[str, Any] = {}
_tables: dict[str, Any] = {}


def session() -> Session:
    """Return the one botocore session of this process."""
    with _lock:
        return _session()


@overload
def client(service_name: Literal["cognito-idp"]) -> CognitoIdentityProviderClient: ...
@overload
def client(service_name: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service_name: Literal["events"]) -> EventBridgeClient: ...
@overload
def client(service_name: Literal["kms"]) -> KMSClient: ...
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
        service_name: botocore's name, such as `dynamodb` or `events`.
    """
    with _lock:
        if service_name not in _clients:
            _clients[service_name] = _session().create_client(
                cast("Any", service_name), config=_config(service_name)
            )
        return _clients[service_name]


def table(name: str) -> Table:
    """Return a DynamoDB table; the same one at every call.

    Unlike clients, boto3's resources are not safe to share between threads.

    Args:
        name: The table's name or ARN.
    """
    with _lock:
        if name not in _tables:
            import boto3.session  # noqa: PLC0415, most functions use no table

            resources = boto3.session.Session(botocore_session=cast("Any", _session()))
            _tables[name] = resources.resource("dynamodb", config=_config("dynamodb")).Table(name)
        return cast("Table", _tables[name])


@cache
def _session() -> Session:
    import botocore.session  # noqa: PLC0415, a third of a cold start, only for who needs it

    session = botocore.session.Session()
    use_packaged_models(session)
    return session


def _config(service_name: str) -> Config:
    from botocore.config import Config  # noqa: PLC0415, as above

    is_ssm = service_name == "ssm"
    return Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=_SSM_READ_TIMEOUT_SECONDS if is_ssm else READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _SSM_MAX_ATTEMPTS if is_ssm else MAX_ATTEMPTS},
        tcp_keepalive=True,
    )
