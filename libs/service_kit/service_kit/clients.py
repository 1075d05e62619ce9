"""AWS clients: one session per process, made at first use, with short timeouts and few retries."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from service_kit import lean_start
from service_kit.aws_models import use_packaged_models
from service_kit.deadlines import heed_deadlines
from service_kit.snapshots import after_restore, are_taken, before_snapshot

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

    from service_kit.lean_table import LeanTable

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
# Unlike the client `dynamodb`, this one takes and gives plain values, as tables do.
_PLAIN_DYNAMODB = "dynamodb with plain values"
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
            _clients[service_name] = _make(service_name)
        return _clients[service_name]


def table(name: str) -> Table:
    """Return a DynamoDB table; the same one at every call.

    It is used like boto3's, for reading and writing items, but is not safe to share between threads.

    Args:
        name: The table's name or ARN.
    """
    with _lock:
        if name not in _tables:
            _tables[name] = _make_table(name)
        return cast("Table", _tables[name])


def ca_bundle() -> str | None:
    """Return the file of certificates that AWS is recognised by; None leaves the choice to botocore.

    AWS_CA_BUNDLE wins. Else it is the kit's own file of AWS's roots: every connection reads the whole file,
    and all the roots that browsers trust take 17 ms each time, these 0.4 ms.
    """
    if named := os.environ.get("AWS_CA_BUNDLE"):
        return named
    return str(AWS_ROOTS) if lean_start.is_on("trust_aws_roots_only") else None


def close_connections() -> None:
    """Close the connections of all clients; each makes new ones at its next request.

    No connection outlives a snapshot. After a restore it is done again, since somebody else's hook may have
    used a client after ours had closed them.
    """
    with _lock:
        for made in _clients.values():
            made.close()


def _make(service_name: str) -> Any:
    return _session().create_client(cast("Any", service_name), config=_config(), verify=ca_bundle())


def _make_table(name: str) -> LeanTable:
    from service_kit.lean_table import LeanTable, with_plain_values  # noqa: PLC0415, most functions use no table

    if _PLAIN_DYNAMODB not in _clients:
        _clients[_PLAIN_DYNAMODB] = with_plain_values(_make("dynamodb"))
    return LeanTable(name, _clients[_PLAIN_DYNAMODB])


@cache
def _session() -> Session:
    import botocore.session  # noqa: PLC0415, a third of a cold start, only for who needs it

    session = botocore.session.Session(event_hooks=_event_hooks())
    use_packaged_models(session)
    heed_deadlines(session)
    if are_taken():
        from service_kit.late_credentials import use_late_credentials  # noqa: PLC0415, only for a snapshot

        after_restore(use_late_credentials(session).forget)
    elif lean_start.is_on("take_credentials_from_environment"):
        _take_credentials_from_environment(session)
    return session


def _event_hooks() -> Any:
    """Make what calls botocore's handlers, without looking at the signatures of all 130 of its own: 3 ms."""
    from botocore.hooks import HierarchicalEmitter  # noqa: PLC0415, as above

    class Trusting(HierarchicalEmitter):
        def _verify_accept_kwargs(self, func: Any) -> None:
            """Trust that a handler takes keywords; one that does not fails when it is called."""

    return Trusting() if lean_start.is_on("trust_event_handlers") else None


def _take_credentials_from_environment(session: Session) -> None:
    """Look for credentials only where Lambda puts them: 3 ms, for none of the other providers is made.

    A function that is restored from a snapshot finds them elsewhere, and has `late_credentials` instead.
    """
    if not os.environ.get("AWS_ACCESS_KEY_ID"):
        return
    from botocore.credentials import CredentialResolver, EnvProvider  # noqa: PLC0415, as above

    session.register_component("credential_provider", CredentialResolver([EnvProvider()]))


def _config() -> Config:
    from botocore.config import Config  # noqa: PLC0415, as above

    return Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": MAX_ATTEMPTS},
        tcp_keepalive=True,
    )


before_snapshot(close_connections, last=True)
after_restore(close_connections)
