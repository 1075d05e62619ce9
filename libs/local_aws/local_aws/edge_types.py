"""Resource types of the edge that MiniStack's CloudFormation lacks, though its services have them.

They are the association of a web ACL, and the parts of a delivery of logs. WAF's rules are stored only, and
no log is delivered.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch_logs, waf
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

Properties = dict[str, Any]
Made = tuple[str, dict[str, str]]

OK = 200


def install() -> None:
    """Add the types to MiniStack's CloudFormation."""
    _RESOURCE_HANDLERS["AWS::WAFv2::WebACLAssociation"] = handlers(associate, dissociate)
    _RESOURCE_HANDLERS["AWS::Logs::DeliverySource"] = handlers(
        lambda given: put(cloudwatch_logs._put_delivery_source, given, "deliverySource", "name"),
        lambda name: cloudwatch_logs._delete_delivery_source({"name": name}),
    )
    _RESOURCE_HANDLERS["AWS::Logs::DeliveryDestination"] = handlers(
        lambda given: put(
            cloudwatch_logs._put_delivery_destination, in_destination(given), "deliveryDestination", "name"
        ),
        lambda name: cloudwatch_logs._delete_delivery_destination({"name": name}),
    )
    _RESOURCE_HANDLERS["AWS::Logs::Delivery"] = handlers(
        lambda given: put(cloudwatch_logs._create_delivery, given, "delivery", "id"),
        lambda name: cloudwatch_logs._delete_delivery({"id": name}),
    )


def handlers(
    make: Callable[[Properties], Made], remove: Callable[[str], Any]
) -> dict[str, Callable[..., Any]]:
    """Return handlers of a type that is replaced when it changes."""

    def update(physical_id: str, _: Properties, properties: Properties, __: str) -> Made:
        remove(physical_id)
        return make(properties)

    return {
        "create": lambda _, properties, __: make(properties),
        "update": update,
        "delete": lambda physical_id, _: remove(physical_id),
    }


def associate(properties: Properties) -> Made:
    """Associate a web ACL with a resource of its region."""
    status, _, body = waf._associate_web_acl(properties)
    if status != OK:
        raise ValueError(f"web ACL of {properties.get('ResourceArn')}: {body!r}")
    return f"{properties['ResourceArn']}|{properties['WebACLArn']}", {}


def dissociate(physical_id: str) -> None:
    """Remove an association."""
    waf._disassociate_web_acl({"ResourceArn": physical_id.partition("|")[0]})


def put(call: Callable[[Properties], Any], properties: Properties, named: str, by: str) -> Made:
    """Make a part of a delivery; the arguments of the call are the template's properties."""
    status, _, body = call(
        {name[0].lower() + name[1:]: value for name, value in properties.items() if name != "Tags"}
    )
    if status != OK:
        raise ValueError(f"{named}: {body!r}")
    made = json.loads(body)[named]
    return made[by], {"Arn": made["arn"]}


def in_destination(properties: Properties) -> Properties:
    """Return the properties of a destination in the form of its call."""
    arn = properties["DestinationResourceArn"]
    return {**properties, "DeliveryDestinationConfiguration": {"destinationResourceArn": arn}}
