"""Find a person in what the services of a stage hold: tables, buckets, dead letters, logs, executions.

Everything is read, which takes long on a large stage and misses nothing: no list says where data may be.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stagectl import aws
from stagectl.errors import StagectlError
from stagectl.people.user_pool import User
from stagectl.recovery import dead_letters, messages
from stagectl.stacks import stage_stacks
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.terminal import console

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ObjectVersionTypeDef
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_stepfunctions.client import SFNClient

_TABLE, _BUCKET, _QUEUE = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"
_LOG_GROUP, _STATE_MACHINE = "AWS::Logs::LogGroup", "AWS::StepFunctions::StateMachine"
_THINGS = {
    _TABLE: "items",
    _BUCKET: "objects",
    _QUEUE: "dead letters",
    _LOG_GROUP: "log events",
    _STATE_MACHINE: "executions",
}
_PACKAGE = ".zip"
NOT_SEARCHED = (
    "deployment packages, which are built from the sources",
    "the archive of the bus, which forgets orders with the user id after `archiveDays`",
    "backups of tables, which go 35 days back",
    "earlier versions of configuration, in which a flag may name the user id",
)
_NAMES_ARE_WITHIN = 200
_MOST_DEAD_LETTERS = 10_000
_THREADS = 8

_Reader = Callable[[str], Iterator[str]]


@dataclass(frozen=True)
class Findings:
    """What a search read, and where it found the person.

    Attributes:
        searched: How many things were read, by kind.
        traces: How many of them name the person, by place; places without any are left out.
    """

    searched: Mapping[str, int] = field(default_factory=dict)
    traces: Mapping[str, int] = field(default_factory=dict)


class Marks:
    """What a person is recognised by: address, user id, user name, and first name near last name.

    One name alone is no mark, since restaurants are called by them too.

    Args:
        user: The person.
    """

    def __init__(self, user: User) -> None:
        written = [user.user_id, user.email, _escaped(user.email), quote(user.email, safe="")]
        if len(user.username) >= len(user.user_id):
            # A short one, such as `demo`, is a word that stands in many places.
            written.append(user.username)
        self._texts = {_plain(one) for one in written if one}
        self._names = _both_names(_plain(user.given_name.strip()), _plain(user.family_name.strip()))

    def are_in(self, text: str) -> bool:
        """Return whether a text names the person."""
        plain = _plain(text)
        return any(mark in plain for mark in self._texts) or bool(self._names and self._names.search(plain))


def search(stage: Stage, user: User) -> Findings:
    """Search everything that the services of a stage hold; the stage's target must have been entered.

    Deployment packages are left out, as they are built from the sources.

    Raises:
        StagectlError: Something cannot be read to its end.
    """
    marks = Marks(user)
    readers = _readers(aws.session())
    searched: Counter[str] = Counter(dict.fromkeys(_THINGS.values(), 0))
    traces: dict[str, int] = {}

    def look(place: tuple[str, str]) -> tuple[int, int]:
        kind, name = place
        read = found = 0
        for text in readers[kind](name):
            read += 1
            found += marks.are_in(text)
        return read, found

    places = _places(stage)
    with ThreadPoolExecutor(_THREADS) as pool:
        for (kind, name), (read, found) in zip(places, pool.map(look, places), strict=True):
            shown = re.split("[/:]", name)[-1] if kind in {_QUEUE, _STATE_MACHINE} else name
            console.say(f"  {shown}: {read} {_THINGS[kind]}")
            searched[_THINGS[kind]] += read
            if found:
                traces[shown] = found
    return Findings(searched, traces)


def items(stage: Stage, user: User) -> dict[str, list[Any]]:
    """Return the items that name a person, as JSON has them, by table.

    The stage's target must have been entered.
    """
    marks = Marks(user)
    dynamodb = aws.session().resource("dynamodb")
    found = {
        name: [json.loads(text) for text in map(_text, _items(dynamodb, name)) if marks.are_in(text)]
        for kind, name in _places(stage)
        if kind == _TABLE
    }
    return {table: rows for table, rows in found.items() if rows}


def _places(stage: Stage) -> list[tuple[str, str]]:
    """Return type and id of every resource of a stage that may hold something about a person."""
    states = StackStates.of(stage.target)
    return sorted(
        (resource.type, resource.physical_id)
        for status in stage_stacks.find(states, stage.name, stage.stacks).own.values()
        for resource in states.resources(status.name)
        if resource.type in _THINGS
        # Consumers are at work on the other queues; what they cannot process is moved to these.
        and (resource.type != _QUEUE or resource.physical_id.endswith(dead_letters.SUFFIX))
    )


def _readers(session: "boto3.Session") -> dict[str, _Reader]:
    """Return what reads each kind of place. Clients are made here, as sessions are not for threads."""
    dynamodb, s3, sqs = session.resource("dynamodb"), session.client("s3"), session.client("sqs")
    logs, step_functions = session.client("logs"), session.client("stepfunctions")
    return {
        _TABLE: lambda name: map(_text, _items(dynamodb, name)),
        _BUCKET: lambda name: _objects(s3, name),
        _QUEUE: lambda name: _dead_letters(sqs, name),
        _LOG_GROUP: lambda name: _log_events(logs, name),
        _STATE_MACHINE: lambda name: _executions(step_functions, name),
    }


def _items(dynamodb: "DynamoDBServiceResource", table: str) -> Iterator[Any]:
    # The client of a resource gives values as Python has them.
    for page in dynamodb.meta.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _objects(s3: "S3Client", bucket: str) -> Iterator[str]:
    def read(one: "ObjectVersionTypeDef") -> str:
        body = s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"]
        return f"{one['Key']}\n{body.read().decode(errors='replace')}"

    # Objects are small, so an answer's time is mostly its way.
    with ThreadPoolExecutor(_THREADS) as pool:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            versions = [one for one in page.get("Versions", ()) if not one["Key"].endswith(_PACKAGE)]
            yield from pool.map(read, versions)


def _dead_letters(sqs: "SQSClient", url: str) -> Iterator[str]:
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    count = int(attributes["Attributes"]["ApproximateNumberOfMessages"])
    with messages.borrowed(sqs, url, at_most=_MOST_DEAD_LETTERS) as borrowed:
        if len(borrowed) < count:
            raise StagectlError(
                f"{url.rpartition('/')[2]} holds more messages than can be searched. Redrive them first: "
                "stagectl dlq redrive."
            )
        for message in borrowed:
            yield f"{message.body}\n{_text(message.attributes)}"


def _log_events(logs: "CloudWatchLogsClient", group: str) -> Iterator[str]:
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
        for event in page["events"]:
            yield event["message"]


def _executions(step_functions: "SFNClient", machine: str) -> Iterator[str]:
    for page in step_functions.get_paginator("list_executions").paginate(stateMachineArn=machine):
        for one in page["executions"]:
            execution = step_functions.describe_execution(executionArn=one["executionArn"])
            yield f"{one['name']}\n{execution.get('input', '')}\n{execution.get('output', '')}"


def _both_names(given: str, family: str) -> re.Pattern[str] | None:
    """Return what finds both names near one another, in any order, also as JSON escapes them."""
    if not given or not family:
        return None
    first, last = (
        rf"(?<!\w)(?:{re.escape(name)}|{re.escape(_escaped(name))})(?!\w)" for name in (given, family)
    )
    between = rf"[\s\S]{{0,{_NAMES_ARE_WITHIN}}}?"
    return re.compile(f"{first}{between}{last}|{last}{between}{first}")


def _text(value: Any) -> str:
    return json.dumps(value, default=_as_json, ensure_ascii=False)


def _as_json(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case AbstractSet():
            return sorted(value, key=str)
        case _:
            return str(value)


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
