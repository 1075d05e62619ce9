import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
TARGETS = [{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:000000000000:queue"}]


@pytest.fixture(scope="module")
def bus(aws: Client) -> str:
    name = f"bus-{uuid.uuid4().hex}"
    aws("events").create_event_bus(Name=name)
    for bus in (name, "default"):
        for rule in ("mine", "other"):
            aws("events").put_rule(Name=rule, EventBusName=bus, ScheduleExpression="rate(1 day)")
    return name


def may(action: str, resource: str, **condition: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Action": f"events:{action}",
        "Resource": f"arn:aws:events:*:*:{resource}",
    }
    return {**statement, **({"Condition": condition} if condition else {})}


CALLS: dict[str, Callable[[Any, str, str], Any]] = {
    "PutTargets": lambda events, rule, bus: events.put_targets(Rule=rule, EventBusName=bus, Targets=TARGETS),
    "RemoveTargets": lambda events, rule, bus: events.remove_targets(Rule=rule, EventBusName=bus, Ids=["1"]),
    "ListTargetsByRule": lambda events, rule, bus: events.list_targets_by_rule(Rule=rule, EventBusName=bus),
    "DescribeRule": lambda events, rule, bus: events.describe_rule(Name=rule, EventBusName=bus),
    "PutRule": lambda events, rule, bus: events.put_rule(
        Name=rule, EventBusName=bus, ScheduleExpression="rate(1 day)"
    ),
    "DisableRule": lambda events, rule, bus: events.disable_rule(Name=rule, EventBusName=bus),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_permission_for_one_rule_is_none_for_another(as_user: Client, bus: str, call: str) -> None:
    events = as_user("events", may(call, f"rule/{bus}/mine"))

    CALLS[call](events, "mine", bus)
    with pytest.raises(ClientError, match="AccessDenied"):
        CALLS[call](events, "other", bus)


@pytest.mark.parametrize("call", CALLS)
def test_a_permission_for_a_rule_of_one_bus_is_none_for_that_of_another(
    as_user: Client, bus: str, call: str
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        CALLS[call](as_user("events", may(call, "rule/another-bus/mine")), "mine", bus)


@pytest.mark.parametrize("call", CALLS)
def test_a_rule_of_the_default_bus_has_no_bus_in_its_arn(as_user: Client, bus: str, call: str) -> None:
    CALLS[call](as_user("events", may(call, "rule/mine")), "mine", "default")
    with pytest.raises(ClientError, match="AccessDenied"):
        CALLS[call](as_user("events", may(call, "rule/default/mine")), "mine", "default")


def test_a_bus_is_no_rule(as_user: Client, bus: str) -> None:
    assert as_user("events", may("DescribeEventBus", f"event-bus/{bus}")).describe_event_bus(Name=bus)
    with pytest.raises(ClientError, match="AccessDenied"):
        as_user("events", may("DescribeEventBus", "rule/*")).describe_event_bus(Name=bus)


def an_event(bus: str, source: str) -> dict[str, str]:
    return {"EventBusName": bus, "Source": source, "DetailType": "test", "Detail": "{}"}


def test_a_condition_on_the_source_holds_for_each_event(as_user: Client, bus: str) -> None:
    events = as_user("events", may("PutEvents", f"event-bus/{bus}", StringEquals={"events:source": "mine"}))

    assert events.put_events(Entries=[an_event(bus, "mine")])["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="AccessDenied"):
        events.put_events(Entries=[an_event(bus, "mine"), an_event(bus, "other")])


def test_events_for_several_buses_need_the_permission_for_each(as_user: Client, bus: str) -> None:
    events = as_user("events", may("PutEvents", f"event-bus/{bus}"))

    with pytest.raises(ClientError, match="AccessDenied"):
        events.put_events(Entries=[an_event(bus, "mine"), an_event("default", "mine")])
