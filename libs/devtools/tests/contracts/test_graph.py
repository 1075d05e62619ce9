"""What compiled templates connect, as a graph."""

from typing import Any

from devtools.contracts import graph
from devtools.contracts.graph import Edge, Node


def function(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """Return the resources of a function and its role."""
    policy = {"PolicyDocument": {"Statement": list(statements)}}
    role = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy]}}
    properties = {"FunctionName": f"orders-prod-{name}", "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]}}
    return {name: {"Type": "AWS::Lambda::Function", "Properties": properties}, f"{name}Role": role}


def resource(resource_type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{resource_type}", "Properties": properties}


def edges(**resources: Any) -> tuple[Edge, ...]:
    parameters = {
        "Bus": {"Default": "/shared-infra/prod/eventBusArn"},
        "Others": {"Default": "/restaurants/prod/apiArn"},
    }
    template = {"Parameters": parameters, "Resources": resources}
    return graph.of_service("orders", template, "prod").edges


TABLE = {"Table": resource("DynamoDB::Table", TableName="orders-prod")}
LIVE = {"Live": resource("Lambda::Alias", FunctionName={"Ref": "place"})}


def test_a_route_leads_to_its_function_by_the_alias() -> None:
    method = resource(
        "ApiGateway::Method",
        HttpMethod="POST",
        ResourceId={"Ref": "Path"},
        Integration={"Uri": {"Fn::Sub": "arn:…/${Live}/invocations"}},
    )
    path = resource(
        "ApiGateway::Resource", PathPart="orders", ParentId={"Fn::GetAtt": ["Api", "RootResourceId"]}
    )

    assert edges(Method=method, Path=path, **LIVE, **function("place")) == (
        Edge("api", "place", "POST /orders"),
    )


def test_a_function_that_may_only_query_a_table_reads_it() -> None:
    statement = {"Action": ["dynamodb:Query"], "Resource": {"Fn::Sub": "${Table.Arn}/index/by-customer"}}

    assert edges(**TABLE, **function("list", statement)) == (Edge("list", "Table", reads=True),)


def test_a_function_that_may_also_write_to_a_table_has_one_arrow() -> None:
    reading = {"Action": "dynamodb:GetItem", "Resource": {"Fn::GetAtt": ["Table", "Arn"]}}
    writing = {"Action": "dynamodb:PutItem", "Resource": {"Fn::GetAtt": ["Table", "Arn"]}}

    assert edges(**TABLE, **function("place", reading, writing)) == (Edge("place", "Table"),)


def test_parameters_lead_to_the_bus_and_to_other_services() -> None:
    publishing = {"Action": ["events:PutEvents"], "Resource": {"Ref": "Bus"}}
    asking = {"Action": ["execute-api:Invoke"], "Resource": {"Fn::Sub": "${Others}/GET/restaurants/*"}}

    assert edges(**function("place", publishing, asking)) == (
        Edge("place", "bus"),
        Edge("place", "service_restaurants"),
    )


def test_an_event_reaches_a_function_by_a_queue_and_dead_letters_are_left_out() -> None:
    queue = resource(
        "SQS::Queue",
        QueueName="orders-prod-placed",
        RedrivePolicy={"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}},
    )
    rule = resource(
        "Events::Rule",
        EventPattern={"detail-type": ["order_placed"]},
        Targets=[{"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
    )
    mapping = resource(
        "Lambda::EventSourceMapping",
        EventSourceArn={"Fn::GetAtt": ["Queue", "Arn"]},
        FunctionName={"Ref": "Live"},
    )
    failing = {"Action": ["sqs:SendMessage"], "Resource": {"Fn::GetAtt": ["Dead", "Arn"]}}

    assert edges(
        Queue=queue,
        Dead=resource("SQS::Queue", QueueName="orders-prod-placed-dlq"),
        Rule=rule,
        Mapping=mapping,
        **LIVE,
        **function("place", failing),
    ) == (Edge("Queue", "place"), Edge("bus", "Queue", "order_placed"))


def test_functions_of_releases_are_left_out() -> None:
    hook = {"Action": ["codedeploy:PutLifecycleEventHookExecutionStatus"], "Resource": "*"}
    template = {"Resources": {**function("place"), **function("check", hook)}}

    assert graph.of_service("orders", template, "prod").nodes == (Node("place", "function", "place"),)


def test_mermaid_draws_each_kind_with_its_shape_and_reading_dotted() -> None:
    drawn = graph.Graph(
        (Node("a", "function", "get"), Node("t", "table", "orders")), (Edge("a", "t", "", True),)
    )

    assert graph.mermaid(drawn) == 'flowchart LR\n  a["get"]\n  t[("orders")]\n  a -.-> t\n'
