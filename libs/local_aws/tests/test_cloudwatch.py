"""Alarms that a stack makes, and what they do with data."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Client = Callable[..., Any]
MakeStack = Callable[..., str]


@pytest.fixture
def name() -> str:
    return f"alarms-{uuid.uuid4().hex}"


@pytest.fixture
def cloudwatch(aws: Client) -> Any:
    return aws("cloudwatch")


def metric(name: str, metric_name: str, *, is_returned: bool = False) -> dict[str, Any]:
    about = {
        "Namespace": name,
        "MetricName": metric_name,
        "Dimensions": [{"Name": "FunctionName", "Value": "a"}],
    }
    stat = {"Metric": about, "Period": 60, "Stat": "Sum"}
    return {"Id": metric_name.lower(), "MetricStat": stat, "ReturnData": is_returned}


SHARE = "100 * (FILL(errors, 0) + FILL(answered, 0)) / all"


def share_of_failures(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": f"{name}-failing",
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 1,
            "EvaluationPeriods": 2,
            "DatapointsToAlarm": 1,
            "TreatMissingData": "notBreaching",
            "Metrics": [
                *(metric(name, one) for one in ("Errors", "Answered", "All")),
                {"Id": "result", "Expression": SHARE, "ReturnData": True},
            ],
        }
        | changes,
    }


def band(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": f"{name}-unusual",
            "ComparisonOperator": "LessThanLowerThreshold",
            "ThresholdMetricId": "expected",
            "EvaluationPeriods": 1,
            "Metrics": [
                metric(name, "Orders", is_returned=True),
                {"Id": "expected", "Expression": "ANOMALY_DETECTION_BAND(orders, 3)", "ReturnData": True},
            ],
        }
        | changes,
    }


def composite(name: str, rule: str) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::CompositeAlarm",
        "DependsOn": ["Failing"],
        "Properties": {"AlarmName": f"{name}-any", "AlarmRule": rule},
    }


def put(
    cloudwatch: Any, namespace: str, *, function: str = "a", minutes_ago: float = 0, **counts: float
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    dimensions = [{"Name": "FunctionName", "Value": function}]
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[
            {"MetricName": key.title(), "Dimensions": dimensions, "Timestamp": at, "Value": value}
            for key, value in counts.items()
        ],
    )


def state(cloudwatch: Any, alarm: str) -> str:
    found = cloudwatch.describe_alarms(AlarmNames=[alarm], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    states: list[str] = [
        one["StateValue"] for kind in ("MetricAlarms", "CompositeAlarms") for one in found[kind]
    ]
    return states[0]


def test_a_stack_makes_alarms_on_math_bands_and_other_alarms_and_takes_them_away(
    stack: MakeStack, aws: Client, cloudwatch: Any, name: str
) -> None:
    resources = {
        "Failing": share_of_failures(name),
        "Unusual": band(name),
        "Any": composite(name, f'ALARM("{name}-failing")'),
    }
    assert stack(name, resources) == "CREATE_COMPLETE"
    alarms = cloudwatch.describe_alarms(AlarmNamePrefix=name)["MetricAlarms"]
    assert [one["AlarmName"] for one in alarms] == [f"{name}-failing", f"{name}-unusual"]

    aws("cloudformation").delete_stack(StackName=name)
    aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName=name)

    left = cloudwatch.describe_alarms(AlarmNamePrefix=name, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert [*left["MetricAlarms"], *left["CompositeAlarms"]] == []


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"all": 100, "answered": 2}, "ALARM"),
        ({"all": 100, "errors": 2}, "ALARM"),
        ({"all": 100, "errors": 1}, "OK"),
        ({"all": 100}, "OK"),
        ({"errors": 5}, "OK"),
    ],
)
def test_an_alarm_on_math_compares_what_its_expression_says(
    stack: MakeStack, cloudwatch: Any, name: str, counts: dict[str, Any], expected: str
) -> None:
    resources = {"Failing": share_of_failures(name), "Any": composite(name, f'ALARM("{name}-failing")')}
    stack(name, resources)

    put(cloudwatch, name, **counts)

    assert state(cloudwatch, f"{name}-failing") == expected
    assert state(cloudwatch, f"{name}-any") == expected


def test_an_alarm_reads_no_data_of_other_dimensions(stack: MakeStack, cloudwatch: Any, name: str) -> None:
    stack(name, {"Failing": share_of_failures(name)})

    put(cloudwatch, name, function="b", all=10, errors=10)

    assert state(cloudwatch, f"{name}-failing") == "OK"


def test_an_alarm_needs_as_many_bad_periods_as_it_says(stack: MakeStack, cloudwatch: Any, name: str) -> None:
    stack(name, {"Failing": share_of_failures(name, EvaluationPeriods=3, DatapointsToAlarm=2)})

    put(cloudwatch, name, minutes_ago=1.5, all=10, errors=10)
    assert state(cloudwatch, f"{name}-failing") == "OK"
    put(cloudwatch, name, all=10, errors=10)
    assert state(cloudwatch, f"{name}-failing") == "ALARM"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("breaching", "ALARM"),
        ("notBreaching", "OK"),
        ("missing", "INSUFFICIENT_DATA"),
        ("ignore", "INSUFFICIENT_DATA"),
    ],
)
def test_an_alarm_treats_missing_data_as_it_says(
    stack: MakeStack, cloudwatch: Any, name: str, missing: str, expected: str
) -> None:
    stack(name, {"Failing": share_of_failures(name, TreatMissingData=missing)})

    put(cloudwatch, "another", all=1)

    assert state(cloudwatch, f"{name}-failing") == expected


def test_a_queue_that_grows_while_no_more_is_worked_on_is_stuck(
    stack: MakeStack, cloudwatch: Any, name: str
) -> None:
    expression = "IF(DIFF(all) > 0 AND DIFF(errors) <= 0, all, 0)"
    metrics = [*(metric(name, one) for one in ("All", "Errors")), {"Id": "result", "Expression": expression}]
    stack(name, {"Failing": share_of_failures(name, Metrics=metrics, Threshold=20, EvaluationPeriods=1)})

    put(cloudwatch, name, minutes_ago=1.5, all=10, errors=5)
    put(cloudwatch, name, all=30, errors=5)

    assert state(cloudwatch, f"{name}-failing") == "ALARM"


@pytest.mark.parametrize(
    "changes",
    [
        {"Metrics": [{"Id": "result", "Expression": "100 * nothing"}]},
        {"Metrics": [{"Id": "result", "Expression": "100 *"}]},
        {"Metrics": [{"Id": "Result", "Expression": "100"}]},
        {"Metrics": [metric("a", "All", is_returned=True), {"Id": "result", "Expression": "100 * all"}]},
        {"Metrics": [metric("a", f"m{n}") for n in range(11)] + [{"Id": "result", "Expression": "m1"}]},
        {"MetricName": "Errors"},
        {"DatapointsToAlarm": 3},
        {"AlarmDescription": "x" * 1025},
        {"AlarmActions": [f"arn:aws:sns:us-east-1:000000000000:t{n}" for n in range(6)]},
        {"ComparisonOperator": "LessThanLowerThreshold"},
    ],
    ids=str,
)
def test_an_alarm_that_aws_refuses_fails_its_stack(
    stack: MakeStack, name: str, changes: dict[str, Any]
) -> None:
    assert stack(name, {"Failing": share_of_failures(name, **changes)}) == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize(
    "changes",
    [{"Threshold": 1}, {"ThresholdMetricId": "orders"}, {"ComparisonOperator": "LessThanThreshold"}],
    ids=str,
)
def test_an_alarm_on_a_band_that_aws_refuses_fails_its_stack(
    stack: MakeStack, name: str, changes: dict[str, Any]
) -> None:
    assert stack(name, {"Unusual": band(name, **changes)}) == "ROLLBACK_COMPLETE"


def test_a_composite_alarm_of_an_alarm_that_does_not_exist_fails_its_stack(
    stack: MakeStack, name: str
) -> None:
    resources = {"Failing": share_of_failures(name), "Any": composite(name, 'ALARM("another")')}
    assert stack(name, resources) == "ROLLBACK_COMPLETE"
