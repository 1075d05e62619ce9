"""What a stage costs while it is there."""

import pytest

from stagectl.costs import order_cost, prices, standing_cost
from stagectl.costs.order_use import Consumption, Use
from stagectl.stacks.stack_status import Resource

QUEUE = {"Type": "AWS::SQS::Queue"}
TEMPLATE = {
    "Resources": {
        "Queue": QUEUE,
        "Reads": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
        },
        "ReadsStream": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]}},
        },
        "ReadsSometimes": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Condition": "IsTested",
            "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
        },
    }
}


def resource(kind: str, logical_id: str = "") -> Resource:
    return Resource(logical_id, kind, "x")


def test_a_web_acl_costs_by_itself_and_by_its_rules() -> None:
    template = {"Resources": {"Acl": {"Type": "AWS::WAFv2::WebACL", "Properties": {"Rules": [{}, {}]}}}}
    resources = [resource("AWS::WAFv2::WebACL", "Acl"), resource("AWS::SecretsManager::Secret")]

    uses = standing_cost.of_stack("edge", resources, template, days=30)

    assert {(one.unit, one.per_order) for one in uses} == {
        ("waf-web-acl-month", 1),
        ("waf-rule-month", 2),
        ("secrets-manager-secret-month", 1),
    }


def test_keys_and_alarms_cost_by_the_month() -> None:
    resources = [
        resource("AWS::KMS::Key"),
        resource("AWS::CloudWatch::Alarm"),
        resource("AWS::CloudWatch::Alarm"),
    ]

    assert standing_cost.of_stack("orders-dev", resources, {}, days=15) == [
        Use("standing", "orders-dev", "kms-key-month", 0.5),
        Use("standing", "orders-dev", "cloudwatch-alarm-month", 1.0),
    ]


def test_an_alarm_costs_by_its_metrics_and_a_dashboard_by_the_month() -> None:
    queries = [
        {"Id": "a", "MetricStat": {}},
        {"Id": "b", "MetricStat": {}},
        {"Id": "c", "Expression": "a / b"},
    ]
    band = [{"Id": "a", "MetricStat": {}}, {"Id": "b", "Expression": "ANOMALY_DETECTION_BAND(a)"}]
    template = {
        "Resources": {
            "OnMath": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": queries}},
            "OnBand": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {"Metrics": band, "ThresholdMetricId": "b"},
            },
            "Plain": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}},
        }
    }
    resources = [resource("AWS::CloudWatch::Alarm", name) for name in ("OnMath", "OnBand", "Plain")]
    resources += [resource("AWS::CloudWatch::CompositeAlarm"), resource("AWS::CloudWatch::Dashboard")]

    uses = standing_cost.of_stack("orders-prod", resources, template, days=30)

    assert {use.unit: use.per_order for use in uses} == {
        "cloudwatch-alarm-month": 2 + 3 + 1,
        "cloudwatch-composite-alarm-month": 1,
        "cloudwatch-dashboard-month": 1,
    }


def test_an_idle_queue_is_asked_by_five_pollers_every_twenty_seconds() -> None:
    resources = [resource("AWS::Lambda::EventSourceMapping", one) for one in ("Reads", "ReadsStream")]

    [use] = standing_cost.of_stack("orders-dev", resources, TEMPLATE, days=1)
    assert use.unit == "sqs-idle-request"
    assert use.per_order == pytest.approx(5 * 3 * 60 * 24)


def test_what_stands_costs_the_same_however_many_orders_come() -> None:
    consumption = Consumption("then", 1, [Use("placing", "route", "sqs-request", 1)])
    standing = [Use("standing", "orders-dev", "kms-key-month", 0.5)]

    assert order_cost.cost_of(0, consumption, prices.read(), standing).usd == pytest.approx(0.5)
    assert order_cost.cost_of(1_000_000, consumption, prices.read(), standing).usd == pytest.approx(0.9)


def version_of(function: str) -> dict[str, object]:
    return {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": function}}}


def function(megabytes: int, **properties: object) -> dict[str, object]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"MemorySize": megabytes, **properties}}


SNAPSHOT = {"ApplyOn": "PublishedVersions"}
SNAPSHOTS = {
    "Resources": {
        "Place": function(1024, SnapStart=SNAPSHOT),
        "PlaceVersion": version_of("Place"),
        "List": function(512, SnapStart=SNAPSHOT),
        "ListVersion": version_of("List"),
        "Plain": function(2048),
        "PlainVersion": version_of("Plain"),
        "Unpublished": function(4096, SnapStart=SNAPSHOT),
    }
}


def test_a_snapshot_costs_for_as_long_as_it_is_kept_and_for_each_restore() -> None:
    made = [resource("AWS::Lambda::Version", one) for one in ("PlaceVersion", "ListVersion", "PlainVersion")]

    cache, restores = standing_cost.of_stack("orders-prod", made, SNAPSHOTS, days=30)

    assert cache == Use("standing", "orders-prod", "lambda-snapshot-cache-gb-second", 1.5 * 30 * 86400)
    assert restores == Use("standing", "orders-prod", "lambda-snapshot-restored-gb", 1.5 * 30 * 24)


def test_one_gigabyte_of_snapshots_costs_almost_four_dollars_a_month() -> None:
    made = [resource("AWS::Lambda::Version", "PlaceVersion")]
    uses = standing_cost.of_stack("orders-prod", made, SNAPSHOTS, days=30)

    nothing = Consumption("then", 1, [])
    assert order_cost.cost_of(0, nothing, prices.read(), uses).usd == pytest.approx(4.00, abs=0.01)


def test_a_version_that_was_not_made_costs_nothing() -> None:
    assert standing_cost.of_stack("orders-prod", [], SNAPSHOTS, days=30) == []
