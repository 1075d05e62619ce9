"""A REST API's resource policy counts for calls without IAM, customers' too, and may ask for their headers.

MiniStack asks it for routes without authorization alone, without the headers. A call that IAM authorizes
needs no statement of the policy when it comes from the API's own account, and MiniStack knows that.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any

from ministack.core.arn import execute_api_arn
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.services import apigateway_v1

ASKED_FOR = {"", "NONE", "COGNITO_USER_POOLS"}
KEYS = {"referer": "aws:referer", "user-agent": "aws:useragent"}
"""Headers, and the condition keys that hold them."""


def install() -> None:
    """Ask the policy after the authorizer."""
    apigateway_v1._anonymous_policy_error = lambda *_: None
    apigateway_v1._authorize_request_v1 = asking_policy(apigateway_v1._authorize_request_v1)


def asking_policy(authorize: Callable[..., Any]) -> Callable[..., Any]:
    """Make a check of authorization ask the API's resource policy too."""
    request = signature(authorize)

    @wraps(authorize)
    async def operation(*arguments: Any, **further: Any) -> Any:
        error, context = await authorize(*arguments, **further)
        given = request.bind(*arguments, **further).arguments
        kind = (given["method_obj"].get("authorizationType") or "NONE").upper()
        if error is None and kind in ASKED_FOR and not is_allowed(given):
            return apigateway_v1._gw_error("ACCESS_DENIED", "User: anonymous is not authorized"), None
        return error, context

    return operation


def is_allowed(given: Mapping[str, Any]) -> bool:
    """Return whether the API has no policy, or one that allows this request."""
    region = given["owner_region"]
    arn = execute_api_arn(
        region,
        given["owner_account_id"],
        given["api_id"],
        given["stage_name"],
        given["method"],
        given["request_path"],
    )
    policy, _ = apigateway_v1.rest_api_policy_for_arn(arn) or ("", "")
    if not policy:
        return True
    headers = {name.lower(): value for name, value in given["headers"].items()}
    keys = {key: headers[header] for header, key in KEYS.items() if header in headers}
    asked = EvalContext("*", "Anonymous", "", "execute-api:Invoke", arn, region, service_context=keys)
    return bool(evaluate_resource_policy(policy, asked).decision == "Allow")
