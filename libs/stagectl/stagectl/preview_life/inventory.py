"""List the resources of an account, to compare before and after a stage's life."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stagectl import aws

if TYPE_CHECKING:
    import boto3

Names = Iterator[str]

PARTS: dict[str, str] = {
    "AWS::ApiGateway::Authorizer": "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Deployment": "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::GatewayResponse": "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Method": "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Model": "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Resource": "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage": "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Integration": "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Route": "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage": "AWS::ApiGatewayV2::Api",
    "AWS::Cognito::UserPoolClient": "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolGroup": "AWS::Cognito::UserPool",
    "AWS::Lambda::Alias": "AWS::Lambda::Function",
    "AWS::Lambda::Permission": "AWS::Lambda::Function",
    "AWS::Lambda::Version": "AWS::Lambda::Function",
    "AWS::S3::BucketPolicy": "AWS::S3::Bucket",
    "AWS::SNS::TopicPolicy": "AWS::SNS::Topic",
    "AWS::SQS::QueuePolicy": "AWS::SQS::Queue",
}
"""Types whose resources cannot be without one of another type, by which they are told."""


def take(session: "boto3.Session") -> set[str]:
    """Return what the account holds in the region, as `type name`, of all types that the templates have.

    A key that waits for its deletion counts as gone, since no key can be deleted at once.
    """
    return {
        f"{resource_type} {name}" for resource_type, names in KINDS.items() for name in names(session) if name
    }


def _pages(service: str, operation: str, names: str) -> Callable[["boto3.Session"], Names]:
    def found(session: "boto3.Session") -> Names:
        paginator = session.client(service).get_paginator(operation)  # type: ignore[call-overload]
        limits = {"MaxResults": 60} if service == "cognito-idp" else {}
        yield from paginator.paginate(**limits).search(names)

    return found


def _buckets(session: "boto3.Session") -> Names:
    for page in aws.pages(session.client("s3").list_buckets, following="ContinuationToken"):
        yield from (bucket["Name"] for bucket in page["Buckets"])


def _buses(session: "boto3.Session") -> Names:
    for page in aws.pages(session.client("events").list_event_buses):
        yield from (bus["Name"] for bus in page["EventBuses"])


def _rules(session: "boto3.Session") -> Names:
    pages = session.client("events").get_paginator("list_rules")
    for bus in _buses(session):
        yield from pages.paginate(EventBusName=bus).search("Rules[].Arn")


def _archives(session: "boto3.Session") -> Names:
    for page in aws.pages(session.client("events").list_archives):
        yield from (archive["ArchiveName"] for archive in page["Archives"])


def _keys(session: "boto3.Session") -> Names:
    kms = session.client("kms")
    for key in kms.get_paginator("list_keys").paginate().search("Keys[].KeyId"):
        if kms.describe_key(KeyId=key)["KeyMetadata"].get("KeyState") != "PendingDeletion":
            yield key


def _composite_alarms(session: "boto3.Session") -> Names:
    pages = session.client("cloudwatch").get_paginator("describe_alarms")
    yield from pages.paginate(AlarmTypes=["CompositeAlarm"]).search("CompositeAlarms[].AlarmName")


def _stacks(session: "boto3.Session") -> Names:
    for page in session.client("cloudformation").get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            if stack["StackStatus"] != "DELETE_COMPLETE":
                yield stack["StackName"]


KINDS: dict[str, Callable[["boto3.Session"], Names]] = {
    "AWS::ApiGateway::RestApi": _pages("apigateway", "get_rest_apis", "items[].id"),
    "AWS::ApiGatewayV2::Api": _pages("apigatewayv2", "get_apis", "Items[].ApiId"),
    "AWS::CloudFormation::Stack": _stacks,
    "AWS::CloudWatch::Alarm": _pages("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
    "AWS::CloudWatch::CompositeAlarm": _composite_alarms,
    "AWS::CloudWatch::Dashboard": _pages("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"),
    "AWS::Cognito::UserPool": _pages("cognito-idp", "list_user_pools", "UserPools[].Id"),
    "AWS::DynamoDB::Table": _pages("dynamodb", "list_tables", "TableNames[]"),
    "AWS::Events::Archive": _archives,
    "AWS::Events::EventBus": _buses,
    "AWS::Events::Rule": _rules,
    "AWS::IAM::Role": _pages("iam", "list_roles", "Roles[].RoleName"),
    "AWS::KMS::Alias": _pages("kms", "list_aliases", "Aliases[].AliasName"),
    "AWS::KMS::Key": _keys,
    "AWS::Lambda::EventSourceMapping": _pages(
        "lambda", "list_event_source_mappings", "EventSourceMappings[].UUID"
    ),
    "AWS::Lambda::Function": _pages("lambda", "list_functions", "Functions[].FunctionName"),
    "AWS::Logs::LogGroup": _pages("logs", "describe_log_groups", "logGroups[].logGroupName"),
    "AWS::S3::Bucket": _buckets,
    "AWS::SNS::Subscription": _pages("sns", "list_subscriptions", "Subscriptions[].SubscriptionArn"),
    "AWS::SNS::Topic": _pages("sns", "list_topics", "Topics[].TopicArn"),
    "AWS::SQS::Queue": _pages("sqs", "list_queues", "QueueUrls[]"),
    "AWS::SSM::Parameter": _pages("ssm", "describe_parameters", "Parameters[].Name"),
    "AWS::StepFunctions::StateMachine": _pages(
        "stepfunctions", "list_state_machines", "stateMachines[].name"
    ),
}
"""How the resources of a type are found."""
