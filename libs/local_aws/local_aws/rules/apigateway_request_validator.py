"""A request validator of a template checks requests before the integration runs.

MiniStack's gateway applies validators, but its CloudFormation makes none and drops those of methods.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import apigateway_v1
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

Properties = dict[str, Any]
Made = tuple[str, dict[str, str]]


def install() -> None:
    """Let CloudFormation make validators, and methods keep theirs."""
    _RESOURCE_HANDLERS["AWS::ApiGateway::RequestValidator"] = {
        "create": create_validator,
        "update": update_validator,
        "delete": delete_validator,
    }
    method = _RESOURCE_HANDLERS["AWS::ApiGateway::Method"]
    method["create"] = with_validator(method["create"], properties_at=1)
    method["update"] = with_validator(method["update"], properties_at=2)


def create_validator(_: str, properties: Properties, __: str) -> Made:
    """Make a validator; its id is what the template's `Ref` stands for."""
    _status, _headers, body = apigateway_v1._create_request_validator(
        properties["RestApiId"],
        {
            "name": properties.get("Name", ""),
            "validateRequestBody": _is_true(properties.get("ValidateRequestBody")),
            "validateRequestParameters": _is_true(properties.get("ValidateRequestParameters")),
        },
    )
    name = json.loads(body)["id"]
    return name, {"RequestValidatorId": name}


def update_validator(physical_id: str, old: Properties, new: Properties, stack: str) -> Made:
    """Replace a validator; the methods that name it are changed after it."""
    delete_validator(physical_id, old)
    return create_validator(physical_id, new, stack)


def delete_validator(physical_id: str, properties: Properties) -> None:
    """Remove a validator, if it exists."""
    apigateway_v1._delete_request_validator(properties["RestApiId"], physical_id)


def with_validator(make: Callable[..., Made], *, properties_at: int) -> Callable[..., Made]:
    """Let a method keep the validator of its template, once it is made or changed."""

    @wraps(make)
    def operation(*arguments: Any, **further: Any) -> Made:
        made = make(*arguments, **further)
        properties = arguments[properties_at]
        resource = apigateway_v1._resources[properties["RestApiId"]][properties["ResourceId"]]
        method = resource["resourceMethods"][properties["HttpMethod"]]
        method["requestValidatorId"] = properties.get("RequestValidatorId")
        return made

    return operation


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"
