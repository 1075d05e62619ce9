"""An alarm reads the metric of exactly its dimensions, or its expression, and treats missing data as it says.

MiniStack mixes the data of all dimensions, and looks at all periods as one.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import operator
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudwatch

from local_aws.rules import _metric_math

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def install() -> None:
    """Let MiniStack evaluate alarms so, whenever it does: when metric data or an alarm is put."""
    cloudwatch._evaluate_alarm = evaluate


def evaluate(alarm: dict[str, Any]) -> None:
    """Move an alarm to the state of its data. One on a band, which AWS would learn, keeps its state."""
    compare = _COMPARISONS.get(alarm["ComparisonOperator"])
    if compare is None:
        return
    periods = int(alarm["EvaluationPeriods"])
    values = _values(alarm, periods)
    state = _state(
        [
            None if (found := values.get(one)) is None else compare(found, alarm["Threshold"])
            for one in range(periods)
        ],
        needed=int(alarm.get("DatapointsToAlarm") or periods),
        missing=alarm.get("TreatMissingData") or "missing",
    )
    before = alarm["StateValue"]
    if state is None or state == before:
        return
    reason = f"Threshold Crossed: {values} {alarm['ComparisonOperator']} {alarm['Threshold']}"
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _state(breaching: list[bool | None], *, needed: int, missing: str) -> str | None:
    """Return the state that follows from the periods; None when it does not change."""
    known = [one for one in breaching if one is not None]
    if not known and missing in ("missing", "ignore"):
        return "INSUFFICIENT_DATA" if missing == "missing" else None
    counted = [
        missing == "breaching" if one is None and missing in ("breaching", "notBreaching") else one
        for one in breaching
    ]
    if sum(one is True for one in counted) >= needed:
        return "ALARM"
    return None if missing == "ignore" and None in counted else "OK"


def _values(alarm: Mapping[str, Any], periods: int) -> dict[int, float]:
    """Return what an alarm compares, by period."""
    queries = alarm.get("Metrics")
    if not queries:
        return _series(alarm, alarm.get("ExtendedStatistic") or alarm["Statistic"], int(alarm["Period"]))
    series = {
        query["Id"]: _series(stat["Metric"], stat["Stat"], int(stat["Period"]))
        for query in queries
        if (stat := query.get("MetricStat"))
    }
    [result] = [query for query in queries if query.get("ReturnData", True)]
    if "Expression" not in result:
        return series[result["Id"]]
    tree = _metric_math.parse(result["Expression"])
    found = ((one, _metric_math.value(tree, series, one)) for one in range(periods))
    return {one: value for one, value in found if value is not None}


def _series(metric: Mapping[str, Any], statistic: str, period_seconds: int) -> dict[int, float]:
    """Return the values of a metric by period, 0 for the one that ends now."""
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or []))
    now = time.time()
    points = defaultdict(list)
    for (namespace, name, of), found in cloudwatch._metrics.items():
        if (namespace, name, of) == (metric["Namespace"], metric["MetricName"], dimensions):
            for point in found:
                points[int((now - point["Timestamp"]) // period_seconds)].append(point)
    values = {
        period: cloudwatch._stat_value(cloudwatch._calc_stats(one), statistic, one)
        for period, one in points.items()
        if period >= 0
    }
    return {period: value for period, value in values.items() if value is not None}
