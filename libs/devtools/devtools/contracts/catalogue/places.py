"""Where data is, and for how long: queues, archives, tables, buckets and logs of compiled templates."""

from collections.abc import Iterator, Mapping
from typing import Any

from devtools.contracts.catalogue import rules

_DAY_SECONDS = 86_400
_BACKUP_DAYS = 35
"""How far back DynamoDB's point-in-time recovery goes."""

_UNTIL_DELETED = "until it is deleted"


def queue_days(queue: Mapping[str, Any]) -> float:
    """Return for how many days a queue keeps a message that is not received."""
    days: float = queue["MessageRetentionPeriod"] / _DAY_SECONDS
    return int(days) if days == int(days) else round(days, 2)


def replay_days(templates: Mapping[str, Mapping[str, Any]], detail_type: str) -> int | None:
    """Return for how many days an event can be replayed; None when it is not archived for that."""
    days = [
        int(archive["RetentionDays"])
        for template in templates.values()
        for archive in rules.of_type(template, "AWS::Events::Archive").values()
        if rules.matches(archive["EventPattern"], detail_type)
    ]
    return max(days, default=None)


def stores(templates: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what holds data for longer than a message waits, in the order of the stacks' names."""
    return [one for stack in sorted(templates) for one in _stores_of(stack, templates[stack])]


def _stores_of(stack: str, template: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, table in sorted(rules.of_type(template, "AWS::DynamoDB::Table").items()):
        expires = table.get("TimeToLiveSpecification", {}).get("AttributeName")
        kept = f"until the time in `{expires}`" if expires else _UNTIL_DELETED
        restorable = table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
        if restorable:
            kept += f"; backups go {_BACKUP_DAYS} days back"
        yield _store(stack, name, "table", kept)
    for name, bucket in sorted(rules.of_type(template, "AWS::S3::Bucket").items()):
        lifecycle = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
        days = [rule["ExpirationInDays"] for rule in lifecycle if "ExpirationInDays" in rule]
        if days:
            yield _store(stack, name, "bucket", f"{max(map(int, days))} days")
    for name, archive in sorted(rules.of_type(template, "AWS::Events::Archive").items()):
        yield _store(stack, name, "archive for replays", f"{archive['RetentionDays']} days")
    for name in sorted(rules.of_type(template, "AWS::Cognito::UserPool")):
        yield _store(stack, name, "user pool", _UNTIL_DELETED)
    groups = rules.of_type(template, "AWS::Logs::LogGroup")
    functions = {group for group in groups if groups[group]["LogGroupName"].startswith("/aws/lambda/")}
    if functions:
        days = sorted({int(groups[group]["RetentionInDays"]) for group in functions})
        yield _store(stack, "logs of functions", "log groups", f"{', '.join(map(str, days))} days")
    for name in sorted(groups.keys() - functions):
        yield _store(stack, name, "log group", f"{groups[name]['RetentionInDays']} days")


def _store(stack: str, name: str, kind: str, kept: str) -> dict[str, Any]:
    return {"stack": stack, "name": name, "kind": kind, "kept": kept}
