"""What differs between two compiled templates, and what only seems to."""

from typing import Any

from stagectl.diff import template_diff
from stagectl.diff.template_diff import Change, PropertyChange, TemplateDiff


def template(**resources: Any) -> dict[str, Any]:
    return template_diff.normalised({"Resources": resources})


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def function(key: str, **properties: Any) -> dict[str, Any]:
    code = {"S3Bucket": {"Ref": "Bucket"}, "S3Key": key}
    return {"Type": "AWS::Lambda::Function", "Properties": {"Code": code, **properties}}


def test_where_a_package_was_uploaded_to_is_no_difference() -> None:
    before, after = template(Place=function("orders/1/a.zip")), template(Place=function("orders/2/a.zip"))

    assert template_diff.compare(before, after) == TemplateDiff()


def test_the_name_of_the_apis_deployment_is_no_difference() -> None:
    def with_deployment(name: str) -> dict[str, Any]:
        stage = {"Type": "AWS::ApiGateway::Stage", "Properties": {"DeploymentId": {"Ref": name}}}
        return template(**{name: {"Type": "AWS::ApiGateway::Deployment", "Properties": {}}, "Stage": stage})

    before = with_deployment("ApiGatewayDeployment0123456789abcdef")
    assert (
        template_diff.compare(before, with_deployment("ApiGatewayDeployment1764000000000")) == TemplateDiff()
    )


def test_the_order_of_what_a_resource_waits_for_is_no_difference() -> None:
    before, after = queue() | {"DependsOn": ["A", "B"]}, queue() | {"DependsOn": ["B", "A"]}

    assert template_diff.compare(template(Queue=before), template(Queue=after)) == TemplateDiff()


def test_resources_come_and_go() -> None:
    found = template_diff.compare(template(Old=queue()), template(New=queue())).resources

    assert [(one.logical_id, one.change) for one in found] == [("New", Change.ADDED), ("Old", Change.REMOVED)]


def test_a_changed_property_is_named_with_both_values() -> None:
    before = template(Place=function("a", Environment={"Variables": {"A": "1", "B": "2"}}))
    after = template(Place=function("a", Environment={"Variables": {"A": "3", "C": "4"}}))

    [changed] = template_diff.compare(before, after).resources
    assert changed.change is Change.CHANGED
    assert changed.properties == (
        PropertyChange("Environment/Variables/A", "1", "3"),
        PropertyChange("Environment/Variables/B", "2", None),
        PropertyChange("Environment/Variables/C", None, "4"),
    )


def test_a_property_that_cannot_change_replaces_its_resource() -> None:
    before, after = queue(QueueName="a", DelaySeconds=1), queue(QueueName="b", DelaySeconds=2)

    [changed] = template_diff.compare(template(Queue=before), template(Queue=after)).resources
    assert (changed.change, changed.replaced_for) == (Change.REPLACED, ("QueueName",))


def test_another_type_replaces_a_resource() -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {}}

    [changed] = template_diff.compare(template(Orders=queue()), template(Orders=topic)).resources
    assert (changed.change, changed.replaced_for) == (Change.REPLACED, ("Type",))


def test_a_deletion_policy_is_a_change_too() -> None:
    kept = queue() | {"DeletionPolicy": "Retain"}

    [changed] = template_diff.compare(template(Queue=kept), template(Queue=queue())).resources
    assert changed.properties == (PropertyChange("DeletionPolicy", "Retain", None),)


def test_a_resource_of_a_type_that_nobody_knows_is_changed_not_replaced() -> None:
    def custom(value: int) -> dict[str, Any]:
        return {"Type": "Custom::Own", "Properties": {"Value": value}}

    [changed] = template_diff.compare(template(Own=custom(1)), template(Own=custom(2))).resources
    assert changed.change is Change.CHANGED


def test_what_a_template_takes_and_tells_is_compared() -> None:
    before = {"Resources": {}, "Parameters": {"Bus": {"Default": "/shared-infra/a/eventBusName"}}}
    after = {
        "Resources": {},
        "Parameters": {"Bus": {"Default": "/shared-infra/b/eventBusName"}},
        "Outputs": {"U": {}},
    }

    found = template_diff.compare(before, after)
    assert [one.path for one in (*found.parameters, *found.outputs)] == ["Bus/Default", "U"]


def test_what_decides_whether_a_resource_is_made_is_compared() -> None:
    before, after = ({"Resources": {}, "Conditions": {"Tested": {"Fn::Equals": [one, "a"]}}} for one in "ab")

    assert template_diff.compare(before, after).conditions == (
        PropertyChange("Tested/Fn::Equals/0", "a", "b"),
    )


def test_lists_of_one_length_differ_element_by_element_and_others_as_wholes() -> None:
    assert list(template_diff.differences([1, 2], [1, 3])) == [PropertyChange("1", 2, 3)]
    assert list(template_diff.differences({"a": [1]}, {"a": [1, 2]})) == [PropertyChange("a", [1], [1, 2])]
