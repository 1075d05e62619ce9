"""Runs MiniStack with what it leaves out and this project needs. Everything else is MiniStack's own.

- When a sign-up is confirmed, AWS notes that the e-mail address is the user's own (for one who typed the
  code), without which an alias does not sign in; and it runs the pool's PostConfirmation function.
- A task of a state machine may take its time-out from its input (`TimeoutSecondsPath`).
- IAM is asked what AWS would ask it (`questions.py`).
- CloudFormation makes archives of event buses, and bounds roles as templates say (`resource_types.py`).
- A function that is started for a snapshot is told so (`snap_start.py`).
- Which permissions roles use is noted (`permissions_in_use.py`).

MiniStack 1.5.33 does none of these. This program runs in the emulator's own interpreter, so it can import
nothing of stagectl.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import permissions_in_use
import questions
import resource_types
import snap_start
from ministack.app import main
from ministack.core.responses import error_response_json
from ministack.services import cognito, eventbridge, lambda_svc, stepfunctions

Answer = tuple[int, dict[str, str], Any]
Operation = Callable[[dict[str, Any]], Answer]
Dispatch = Callable[..., None]

OK = 200


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
            return error_response_json(
                "UserLambdaValidationException", f"PostConfirmation failed with error {fault}.", 400
            )
        return answer

    return operation


def pool_of(data: dict[str, Any]) -> dict[str, Any]:
    """Find the pool that a request names, itself or by its client."""
    if "UserPoolId" in data:
        return cognito._user_pools[data["UserPoolId"]]
    return next(pool for pool in cognito._user_pools.values() if data["ClientId"] in pool["_clients"])


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


def heeding_rules_of_replays(dispatch: Dispatch) -> Dispatch:
    """Make the dispatching of events leave out the rules that a replay does not name."""

    @wraps(dispatch)
    def operation(event: dict[str, Any], view: Any = None) -> None:
        replay = eventbridge._replays.get(event.get("ReplayName")) or {}
        named = replay.get("Destination", {}).get("FilterArns")
        if named:
            # The rules that an event has already been through are left out, so these are said to be such.
            left_out = [key for key, rule in eventbridge._rules.items() if rule["Arn"] not in named]
            event = {**event, "_DispatchPath": left_out}
        dispatch(event, view)

    return operation


def with_timeout_from_input(execute_task: Callable[..., Any]) -> Callable[..., Any]:
    """Make a task heed `TimeoutSecondsPath`."""

    @wraps(execute_task)
    def execute(state: dict[str, Any], raw_input: Any, *rest: Any) -> Any:
        path = state.get("TimeoutSecondsPath")
        if path is not None:
            state = state | {"TimeoutSeconds": stepfunctions._resolve_path(path, raw_input)}
        return execute_task(state, raw_input, *rest)

    return execute


if __name__ == "__main__":
    resource_types.install()
    snap_start.install()
    permissions_in_use.install()
    # After what notes: of what it makes several questions, each is noted.
    questions.install()
    stepfunctions._execute_task = with_timeout_from_input(stepfunctions._execute_task)
    eventbridge._dispatch_event = heeding_rules_of_replays(eventbridge._dispatch_event)
    cognito._confirm_sign_up = completed(cognito._confirm_sign_up, by_code=True)
    cognito._admin_confirm_sign_up = completed(cognito._admin_confirm_sign_up, by_code=False)
    main()
