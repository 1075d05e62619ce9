"""What services promise is watched: alarms and dashboards follow from their service-levels.yml."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from .conftest import ROOT, SERVICES, STAGE, Compiled, package

ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
# CloudFormation allows 500. A release adds a version, an alias and a deployment group to each function.
MOST_RESOURCES = 450
RESOURCES_OF_A_RELEASE = 3
MOST_ALARMS_OF_A_DEPLOYMENT_GROUP = 10
# CodeDeploy calls them during a release, and stops it by itself when one fails.
HOOKS_OF_RELEASES = {"check-release", "check-traffic"}
# Metrics of AWS, by the pages that document them.
OF_AWS = {
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    "AWS/Lambda": {
        "ClaimedAccountConcurrency",
        "ConcurrentExecutions",
        "DestinationDeliveryFailures",
        "Duration",
        "Errors",
        "Invocations",
        "IteratorAge",
        "Throttles",
    },
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    "AWS/SQS": {
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesVisible",
    },
    # https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html
    "AWS/Firehose": {
        "DeliveryToS3.DataFreshness",
        "OutputDecompressedRecords.Failed",
        "OutputDecompressedRecords.Success",
    },
    # https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
    "AWS/SNS": {"NumberOfNotificationsFailed"},
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    "AWS/Events": {"FailedInvocations", "InvocationsFailedToBeSentToDlq"},
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    "AWS/States": {"ExecutionsFailed"},
    # https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html
    "AWS/Cognito": {"SignInSuccesses", "SignInThrottles", "SignUpSuccesses", "TokenRefreshSuccesses"},
}


class Metric(NamedTuple):
    """A metric that an alarm or a graph reads."""

    namespace: str
    name: str
    dimensions: dict[str, Any]


def metrics_of(alarm: dict[str, Any]) -> Iterator[Metric]:
    """Yield what an alarm reads."""
    stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    for one in stats or [alarm]:
        dimensions = {each["Name"]: each["Value"] for each in one.get("Dimensions", [])}
        yield Metric(one["Namespace"], one["MetricName"], dimensions)


def drawn_in(template: Compiled) -> Iterator[Metric]:
    """Yield what the dashboard of a stack draws."""
    for dashboard in template.of_type("AWS::CloudWatch::Dashboard").values():
        for widget in json.loads(dashboard["DashboardBody"]["Fn::Sub"])["widgets"]:
            for namespace, name, *dimensions, _ in widget["properties"]["metrics"]:
                yield Metric(namespace, name, dict(zip(dimensions[::2], dimensions[1::2], strict=True)))


def all_metrics(compiled: dict[str, Compiled]) -> Iterator[Metric]:
    for template in compiled.values():
        for alarm in template.of_type(ALARM).values():
            yield from metrics_of(alarm)
        yield from drawn_in(template)


@cache
def counted_in(folder: Path) -> frozenset[str]:
    """Return the texts of code that counts: what `add_metric` or `count_for_service` may get as a name."""
    constants, calls = set(), False
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        called = {
            ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(tree) if isinstance(node, ast.Call)
        }
        calls = calls or bool(called & {"add_metric", "count_for_service"})
        constants |= found
    return frozenset(constants if calls else ())


def test_every_metric_is_one_that_aws_documents_or_that_code_counts(compiled: dict[str, Compiled]) -> None:
    kit = counted_in(ROOT / "libs" / "service_kit" / "service_kit")
    unknown = set()
    for metric in all_metrics(compiled):
        if metric.namespace != "BigMouth":
            known = OF_AWS[metric.namespace]
        else:
            service = metric.dimensions["service"]
            known = set(kit | counted_in(ROOT / "services" / service / service.replace("-", "_")))
        unknown |= set() if metric.name in known else {(metric.namespace, metric.name)}
    assert unknown == set()


def test_every_metric_of_aws_is_of_something_that_the_stage_has(compiled: dict[str, Compiled]) -> None:
    functions, queues = set[str](), set[str]()
    for template in compiled.values():
        functions |= {one["FunctionName"] for one in template.of_type("AWS::Lambda::Function").values()}
        queues |= {one["QueueName"] for one in template.of_type("AWS::SQS::Queue").values()}
    for metric in all_metrics(compiled):
        for name, existing in (("FunctionName", functions), ("QueueName", queues)):
            value = metric.dimensions.get(name)
            assert not isinstance(value, str) or value in existing, metric
        if metric.namespace == "BigMouth" and "function" in metric.dimensions:
            assert "{service}-{stage}-{function}".format(**metric.dimensions) in functions, metric


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_is_watched_and_the_alarm_stops_its_release(
    service: str, compiled: dict[str, Compiled]
) -> None:
    template = compiled[service]
    for function in template.of_type("AWS::Lambda::Function").values():
        key = function["FunctionName"].removeprefix(f"{service}-{STAGE}-")
        if key in HOOKS_OF_RELEASES:
            continue
        stopping = [
            alarm["Properties"]["AlarmName"]
            for alarm in template.resources.values()
            if alarm["Type"] == ALARM and key in alarm.get("Metadata", {}).get("RollsBack", [])
        ]
        start = f"{service}-{STAGE}-{key}-"
        assert stopping in ([f"{start}failing", f"{start}slow"], [f"{start}errors"]), key
        assert len(stopping) <= MOST_ALARMS_OF_A_DEPLOYMENT_GROUP


def test_every_queue_that_a_function_reads_is_watched(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        queues = template.of_type("AWS::SQS::Queue")
        alarms = {alarm["AlarmName"] for alarm in template.of_type(ALARM).values()}
        for mapping in template.of_type("AWS::Lambda::EventSourceMapping").values():
            queue = queues.get(mapping["EventSourceArn"]["Fn::GetAtt"][0])
            if queue is not None:
                name = queue["QueueName"]
                assert {f"{name}-queue-age", f"{name}-queue-stuck"} <= alarms
            else:
                assert any(name.endswith("-iterator-age") for name in alarms)


def test_every_alarm_reports_to_the_topic_of_the_stage(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        for kind in (ALARM, COMPOSITE):
            for alarm in template.of_type(kind).values():
                assert alarm["AlarmActions"] in ([{"Ref": "AlarmTopicArn"}], [{"Ref": "AlarmTopic"}])


def test_a_composite_alarm_is_of_alarms_of_its_own_stack(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        names = {alarm["AlarmName"] for alarm in template.of_type(ALARM).values()}
        for composite in template.of_type(COMPOSITE).values():
            assert set(re.findall(r'ALARM\("([^"]+)"\)', composite["AlarmRule"])) <= names
    assert compiled["orders"].of_type(COMPOSITE)["CustomersCannotOrderAlarm"]  # only-with-example-services


def test_every_stack_leaves_room_for_a_release(compiled: dict[str, Compiled]) -> None:
    for name, template in compiled.items():
        functions = len(template.of_type("AWS::Lambda::Function"))
        published = len(template.of_type("AWS::Lambda::Version")) + len(
            template.of_type("AWS::Lambda::Alias")
        )
        groups = len(template.of_type("AWS::CodeDeploy::DeploymentGroup"))
        coming = functions * RESOURCES_OF_A_RELEASE - published - groups
        assert len(template.resources) + coming <= MOST_RESOURCES, name


def test_the_age_at_which_a_queue_is_late_counts_its_own_delay(compiled: dict[str, Compiled]) -> None:
    delays = {
        f"{queue['QueueName']}-queue-age": queue["DelaySeconds"]
        for template in compiled.values()
        for queue in template.of_type("AWS::SQS::Queue").values()
        if queue.get("DelaySeconds")
    }
    thresholds = {
        alarm["AlarmName"]: alarm["Threshold"]
        for template in compiled.values()
        for alarm in template.of_type(ALARM).values()
        if alarm["AlarmName"] in delays
    }
    assert delays.keys() == thresholds.keys()
    assert all(thresholds[name] > delay for name, delay in delays.items())
    assert delays  # only-with-example-services


def test_a_preview_has_none_of_it(build_folders: None) -> None:
    folder = ROOT / "services" / "events"
    try:
        package(folder, "preview-x")
        written = (folder / ".serverless" / "cloudformation-template-update-stack.json").read_text()
        preview = Compiled("events", folder, json.loads(written))
    finally:
        # As the other tests of this run expect it.
        package(folder)
    assert {resource["Type"] for resource in preview.resources.values()}.isdisjoint(
        {COMPOSITE, "AWS::CloudWatch::Dashboard"}
    )
    names = [alarm["AlarmName"] for alarm in preview.of_type(ALARM).values()]
    assert [
        name for name in names if not re.search(r"(-dlq|-undelivered|-event-lost|-unpublished-orders)$", name)
    ] == []
