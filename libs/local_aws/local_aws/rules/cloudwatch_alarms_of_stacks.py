"""A stack may have alarms on metric math and on anomaly bands, and composite alarms; what AWS refuses fails.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-compositealarm.html
"""

import json
import re
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from local_aws.rules import _metric_math

Properties = dict[str, Any]
Made = tuple[str, dict[str, str]]

_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
_BAND = re.compile(r"ANOMALY_DETECTION_BAND\(\s*([a-z][a-zA-Z0-9_]*)\s*(?:,\s*[\d.]+\s*)?\)")
_BAND_OPERATORS = frozenset(
    {"LessThanLowerThreshold", "GreaterThanUpperThreshold", "LessThanLowerOrGreaterThanUpperThreshold"}
)
_MOST_METRICS, _MOST_ACTIONS, _LONGEST_DESCRIPTION = 10, 5, 1024
_OK = 200


def install() -> None:
    """Teach MiniStack's CloudFormation these alarms."""
    record = provisioners._cw_metric_alarm_record

    def checked_record(name: str, properties: Properties) -> dict[str, Any]:
        _check(properties)
        queries = properties.get("Metrics")
        if not queries:
            alone: dict[str, Any] = record(name, properties)
            return alone
        # What it is about is in the queries alone.
        stand_in = {"MetricName": "in Metrics", "Namespace": "in Metrics", "Threshold": 0} | properties
        alarm: dict[str, Any] = record(name, stand_in | {"Metrics": None}) | {"Metrics": queries}
        for property_name in (
            "MetricName",
            "Namespace",
            "Statistic",
            "ExtendedStatistic",
            "Period",
            "Dimensions",
            "Unit",
        ):
            alarm.pop(property_name, None)
        if "ThresholdMetricId" in properties:
            alarm["ThresholdMetricId"] = properties["ThresholdMetricId"]
            del alarm["Threshold"]
        return alarm

    provisioners._cw_metric_alarm_record = checked_record
    provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::CompositeAlarm"] = {
        "create": create_composite,
        "update": update_composite,
        "delete": delete_composite,
    }


def create_composite(logical_id: str, properties: Properties, stack_name: str) -> Made:
    """Create a composite alarm, whose alarms must exist."""
    name = properties.get("AlarmName") or f"{stack_name}-{logical_id}"
    _check_texts(properties)
    status, _, body = cloudwatch._put_composite_alarm(
        {}, properties | {"AlarmName": name}, False, is_json=True
    )
    if status != _OK:
        raise ValueError(f"composite alarm {name}: {json.loads(body).get('message', body)}")
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


def update_composite(physical_id: str, _: Properties, properties: Properties, stack_name: str) -> Made:
    """Change a composite alarm, or make another when it gets another name."""
    return create_composite(physical_id, {"AlarmName": physical_id} | properties, stack_name)


def delete_composite(physical_id: str, _: Properties) -> None:
    """Remove a composite alarm, if it exists."""
    cloudwatch._delete_alarms({}, {"AlarmNames": [physical_id]}, False, is_json=True)


def _check(properties: Properties) -> None:
    """Refuse what PutMetricAlarm does.

    Raises:
        ValueError: It would.
    """
    _check_texts(properties)
    if int(properties.get("DatapointsToAlarm") or 1) > int(properties.get("EvaluationPeriods") or 1):
        raise ValueError("DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    if not (queries := properties.get("Metrics")):
        return
    if (
        alone := {"MetricName", "Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic"}
        & properties.keys()
    ):
        raise ValueError(f"Metrics excludes {', '.join(sorted(alone))}")
    _check_queries(queries)
    returned = [query["Id"] for query in queries if query.get("ReturnData", True)]
    band = properties.get("ThresholdMetricId")
    if band is None and (len(returned) != 1 or properties.get("ComparisonOperator") in _BAND_OPERATORS):
        raise ValueError("exactly one of Metrics returns data, and is compared with Threshold")
    if band is not None:
        _check_band(properties, queries, band)


def _check_band(properties: Properties, queries: list[dict[str, Any]], band: str) -> None:
    watched = [
        found[1]
        for query in queries
        if query["Id"] == band and (found := _BAND.fullmatch(query.get("Expression", "")))
    ]
    if (
        not watched
        or "Threshold" in properties
        or properties.get("ComparisonOperator") not in _BAND_OPERATORS
    ):
        raise ValueError("ThresholdMetricId names an ANOMALY_DETECTION_BAND, in place of a Threshold")
    if {query["Id"] for query in queries if query.get("ReturnData", True)} != {band, *watched}:
        raise ValueError("the band and what it is of return data, and nothing else")


def _check_queries(queries: list[dict[str, Any]]) -> None:
    ids = [query.get("Id", "") for query in queries]
    if len(set(ids)) != len(ids) or not all(map(_ID.fullmatch, ids)):
        raise ValueError(f"an Id begins with a small letter and is given once: {', '.join(ids)}")
    if sum("MetricStat" in query for query in queries) > _MOST_METRICS:
        raise ValueError(f"an alarm has at most {_MOST_METRICS} metrics")
    for query in queries:
        if ("Expression" in query) == ("MetricStat" in query):
            raise ValueError(f"{query['Id']} has either an Expression or a MetricStat")
        if "Expression" in query and not _BAND.fullmatch(query["Expression"]):
            tree = _metric_math.parse(query["Expression"])
            _metric_math.value(tree, {key: {0: 1.0, 1: 1.0} for key in ids}, 0)
            if unknown := _metric_math.ids_in(tree) - set(ids):
                raise ValueError(
                    f"{query['Id']} names {', '.join(sorted(unknown))}, which is no metric of the alarm"
                )


def _check_texts(properties: Properties) -> None:
    if len(properties.get("AlarmDescription") or "") > _LONGEST_DESCRIPTION:
        raise ValueError(f"AlarmDescription has at most {_LONGEST_DESCRIPTION} characters")
    for kind in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        if len(properties.get(kind) or []) > _MOST_ACTIONS:
            raise ValueError(f"{kind} has at most {_MOST_ACTIONS} actions")
