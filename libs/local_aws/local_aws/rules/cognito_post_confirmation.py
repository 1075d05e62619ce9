"""A confirmed sign-up runs the pool's PostConfirmation function, and a typed code verifies its address.

An operator's confirmation (`AdminConfirmSignUp`) verifies no address.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito, lambda_svc

Answer = tuple[int, dict[str, str], Any]
Operation = Callable[[dict[str, Any]], Answer]

OK = 200


def install() -> None:
    """Make both kinds of confirmation complete."""
    cognito._confirm_sign_up = completed(cognito._confirm_sign_up, by_code=True)
    cognito._admin_confirm_sign_up = completed(cognito._admin_confirm_sign_up, by_code=False)


def completed(confirm: Operation, *, by_code: bool) -> Operation:
    """Make a confirmation do all that AWS does."""

    @wraps(confirm)
    def operation(data: dict[str, Any]) -> Answer:
        answer = confirm(data)
        if answer[0] != OK:
            return answer
        pool = pool_of(data)
        user, _ = cognito._resolve_user(pool, data["Username"])
        if by_code:
            verify(pool, user)
        fault = run_post_confirmation(pool, data.get("ClientId"), user)
        if fault:
            answer = error_response_json(
                "UserLambdaValidationException", f"PostConfirmation failed with error {fault}.", 400
            )
        return answer

    return operation


def pool_of(data: dict[str, Any]) -> dict[str, Any]:
    """Find the pool that a request names, itself or by its client."""
    pools: dict[str, dict[str, Any]] = cognito._user_pools
    if "UserPoolId" in data:
        return pools[data["UserPoolId"]]
    return next(pool for pool in pools.values() if data["ClientId"] in pool["_clients"])


def verify(pool: dict[str, Any], user: dict[str, Any]) -> None:
    """Note that what the code was sent to is the user's own."""
    attributes = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
    for name in pool.get("AutoVerifiedAttributes") or []:
        if name in attributes:
            attributes[f"{name}_verified"] = "true"
    user["Attributes"] = [{"Name": name, "Value": value} for name, value in attributes.items()]


def run_post_confirmation(pool: dict[str, Any], client_id: str | None, user: dict[str, Any]) -> str | None:
    """Run the pool's trigger; returns what it failed with."""
    arn = (pool.get("LambdaConfig") or {}).get("PostConfirmation")
    if not arn:
        return None
    name, qualifier = lambda_svc._resolve_name_and_qualifier(arn)
    function, _ = lambda_svc._get_func_record_for_qualifier(name, qualifier)
    if function is None:
        return f"{arn} does not exist"
    event = {
        "version": "1",
        "region": pool["Id"].partition("_")[0],
        "userPoolId": pool["Id"],
        "userName": user["Username"],
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client_id},
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "request": {
            "userAttributes": {
                "cognito:user_status": user["UserStatus"],
                **{attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]},
            }
        },
        "response": {},
    }
    result = lambda_svc._execute_function(function, event)
    if not result.get("error"):
        return None
    body = result.get("body")
    return str(body.get("errorMessage", body) if isinstance(body, dict) else json.dumps(body, default=str))
