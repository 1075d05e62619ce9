"""IAM authorizes what a call of EventBridge names: a rule, a bus, an archive or a replay.

A rule of the default bus is `rule/NAME`, that of another `rule/BUS/NAME`; `PutTargets` names it in `Rule`.
For `PutEvents` the keys `events:source` and `events:detail-type` say what each event is.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
"""

import json
from typing import Any

from ministack.core import iam_actions

from local_aws.questions import Call, Context, Resources, about

OF_RULES = frozenset(
    {
        *("DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "PutRule"),
        *("ListTargetsByRule", "PutTargets", "RemoveTargets"),
    }
)
OF_BUSES = frozenset(
    {
        *("CreateEventBus", "DeleteEventBus", "DescribeEventBus", "UpdateEventBus"),
        *("PutPermission", "RemovePermission", "ListRules"),
    }
)
OF_TAGS = frozenset({"TagResource", "UntagResource", "ListTagsForResource"})
DEFAULT = "default"


def install() -> None:
    """Apply the rule to IAM's checks."""
    about("events", resources)
    # What it finds besides the first bus would be asked about again, without keys.
    iam_actions.eventbridge_resource_arns = lambda *_: []


def resources(call: Call) -> Resources | None:
    """Return what a call of EventBridge needs."""
    action = call.action("events")
    asked = json.loads(call.body or b"{}")
    if action == "PutEvents":
        entries = asked.get("Entries") or [{}]
        return Resources.of(
            *((bus_arn(call, entry.get("EventBusName")), keys_of(entry)) for entry in entries)
        )
    if action == "StartReplay":
        replay = f"arn:aws:events:{call.here}:replay/{asked.get('ReplayName', '')}"
        return Resources.of((replay, {}), (str(asked.get("EventSourceArn", "*")), {}))
    arn = arn_of(call, action, asked)
    return Resources.of((arn, {})) if arn else None


def arn_of(call: Call, action: str, asked: dict[str, Any]) -> str | None:
    """Return the ARN of the one thing that a call names."""
    prefix = f"arn:aws:events:{call.here}"
    if action in OF_RULES:
        bus = bus_arn(call, asked.get("EventBusName")).rpartition("/")[2]
        path = "" if bus == DEFAULT else f"{bus}/"
        return f"{prefix}:rule/{path}{asked.get('Rule') or asked.get('Name', '')}"
    if action in OF_BUSES:
        return bus_arn(call, asked.get("EventBusName") or asked.get("Name"))
    if action in OF_TAGS:
        return str(asked.get("ResourceARN", "*"))
    for name, kind in (("ArchiveName", "archive"), ("ReplayName", "replay")):
        if name in asked:
            return f"{prefix}:{kind}/{asked[name]}"
    return None


def bus_arn(call: Call, name: str | None) -> str:
    """Return the ARN of a bus that is named by its name, its ARN or not at all."""
    name = name or DEFAULT
    return name if name.startswith("arn:") else f"arn:aws:events:{call.here}:event-bus/{name}"


def keys_of(entry: dict[str, Any]) -> Context:
    """Return what conditions may ask about an event."""
    return {"events:source": entry.get("Source"), "events:detail-type": entry.get("DetailType")}
