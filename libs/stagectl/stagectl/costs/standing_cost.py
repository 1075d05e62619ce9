"""The standing cost of a stage, which does not depend on its use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stagectl.costs.order_use import Use
from stagectl.stacks.stack_status import Resource

PHASE = "standing"
DAYS_OF_A_MONTH = 30
"""AWS bills standing resources by the month."""

_BY_TYPE = {
    "AWS::KMS::Key": "kms-key-month",
    "AWS::SecretsManager::Secret": "secrets-manager-secret-month",
    "AWS::WAFv2::WebACL": "waf-web-acl-month",
    "AWS::CloudWatch::CompositeAlarm": "cloudwatch-composite-alarm-month",
    "AWS::CloudWatch::Dashboard": "cloudwatch-dashboard-month",
}
_ALARM = "AWS::CloudWatch::Alarm"
_METRICS_OF_A_BAND = 2
"""An alarm on an anomaly band is billed for its metric and for the band's two limits."""

RESTORES_OF_A_DAY = 24
"""How often a function of a quiet stage is restored: Lambda keeps an idle environment briefly."""

_WEB_ACL = "AWS::WAFv2::WebACL"
_VERSION = "AWS::Lambda::Version"
_SECONDS_OF_A_DAY = 24 * 3600
_DEFAULT_MEGABYTES = 128
_MEGABYTES_OF_A_GIGABYTE = 1024
_MAPPING, _QUEUE = "AWS::Lambda::EventSourceMapping", "AWS::SQS::Queue"
# Lambda keeps five pollers at each queue, which each ask again every 20 seconds while nothing comes.
_IDLE_REQUESTS_OF_A_MONTH = 5 * DAYS_OF_A_MONTH * 24 * 3600 / 20


def of_stack(
    stack: str, resources: Iterable[Resource], template: Mapping[str, Any], days: float
) -> list[Use]:
    """Return what a stack uses in some days, all that it uses together and not for one order.

    Args:
        stack: Its name.
        resources: What it has made.
        template: Its template as it was deployed.
        days: How long it stands.
    """
    months = days / DAYS_OF_A_MONTH
    listed = list(resources)
    uses = [
        Use(PHASE, stack, unit, months * count)
        for kind, unit in _BY_TYPE.items()
        if (count := sum(one.type == kind for one in listed))
    ]
    alarms = sum(_alarmed_metrics(template, one.logical_id) for one in listed if one.type == _ALARM)
    if alarms:
        uses.append(Use(PHASE, stack, "cloudwatch-alarm-month", months * alarms))
    rules = sum(
        len(template["Resources"][one.logical_id]["Properties"]["Rules"])
        for one in listed
        if one.type == _WEB_ACL
    )
    if rules:
        uses.append(Use(PHASE, stack, "waf-rule-month", months * rules))
    polled = _polled_queues(template, {one.logical_id for one in listed})
    if polled:
        uses.append(Use(PHASE, stack, "sqs-idle-request", months * _IDLE_REQUESTS_OF_A_MONTH * len(polled)))
    gigabytes = sum(_snapshots_gigabytes(template, {one.logical_id for one in listed}))
    if gigabytes:
        kept, restored = days * _SECONDS_OF_A_DAY, days * RESTORES_OF_A_DAY
        uses.append(Use(PHASE, stack, "lambda-snapshot-cache-gb-second", gigabytes * kept))
        uses.append(Use(PHASE, stack, "lambda-snapshot-restored-gb", gigabytes * restored))
    return uses


def _alarmed_metrics(template: Mapping[str, Any], logical_id: str) -> int:
    """Return how many metrics an alarm is billed for."""
    properties = template.get("Resources", {}).get(logical_id, {}).get("Properties", {})
    metrics = sum("MetricStat" in query for query in properties.get("Metrics", []))
    return (metrics or 1) + (_METRICS_OF_A_BAND if "ThresholdMetricId" in properties else 0)


def _snapshots_gigabytes(template: Mapping[str, Any], made: set[str]) -> Iterator[float]:
    """Yield the memory of each published version that starts from a snapshot (SnapStart)."""
    declared = template.get("Resources", {})
    for one, resource in declared.items():
        if one not in made or resource["Type"] != _VERSION:
            continue
        match resource["Properties"].get("FunctionName"):
            case {"Ref": str() as function}:
                properties = declared.get(function, {}).get("Properties", {})
                if properties.get("SnapStart", {}).get("ApplyOn") == "PublishedVersions":
                    yield int(properties.get("MemorySize", _DEFAULT_MEGABYTES)) / _MEGABYTES_OF_A_GIGABYTE


def _polled_queues(template: Mapping[str, Any], made: set[str]) -> Sequence[str]:
    """Return the mappings by which functions read queues of the same template."""
    declared = template.get("Resources", {})
    queues = {one for one, resource in declared.items() if resource["Type"] == _QUEUE}
    return [
        one
        for one, resource in declared.items()
        if one in made and resource["Type"] == _MAPPING and _source(resource) in queues
    ]


def _source(mapping: Mapping[str, Any]) -> str | None:
    match mapping["Properties"].get("EventSourceArn"):
        case {"Fn::GetAtt": [str() as queue, "Arn"]}:
            return queue
    return None
