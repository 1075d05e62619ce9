"""A customer's new address counts only after its code was confirmed.

Where the pool asks for it (`AttributesRequireVerificationBeforeUpdate`), the old value stays until then;
elsewhere the new one is in force at once and unverified. An operator may say that it is verified.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserAttributeUpdateSettingsType.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
"""

from functools import wraps
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import json_response
from ministack.services import cognito

from local_aws.rules._cognito import Answer, Data, Operation, Pool, pool_of, refused, written

ADDRESSES = ("email", "phone_number")
CODE = "123456"  # As MiniStack's, for sign-ups.
MEDIA = {"email": "EMAIL", "phone_number": "SMS"}
User = dict[str, Any]


def install() -> None:
    """Apply the rule to addresses, and serve the calls that verify them."""
    cognito._update_user_attributes = updating(cognito._update_user_attributes)
    cognito._admin_update_user_attributes = updating(cognito._admin_update_user_attributes)
    cognito._UNSIGNED_IDP_ACTIONS |= {"VerifyUserAttribute", "GetUserAttributeVerificationCode"}
    dispatch = cognito._dispatch_idp

    @wraps(dispatch)
    async def dispatching(action: str, data: Data) -> Any:
        serve = {"VerifyUserAttribute": verify, "GetUserAttributeVerificationCode": send_code}.get(action)
        if serve is None:
            return await dispatch(action, data)
        return await run_reentrant(
            cognito._run_idp_handler, serve, action, data, thread_name="cognito-verification"
        )

    cognito._dispatch_idp = dispatching


def updating(update: Operation) -> Operation:
    """Make an update keep back new addresses, or mark them unverified."""

    @wraps(update)
    def operation(data: Data) -> Answer:
        pool, user = pool_of(data), user_of(data)
        if pool is None or user is None:
            return update(data)
        before = attributes_of(user)
        asked = written(data)
        new = [
            name
            for name in ADDRESSES
            if name in asked and asked[name] != before.get(name) and asked.get(f"{name}_verified") != "true"
        ]
        settings = pool.get("UserAttributeUpdateSettings") or {}
        kept_back = [
            name for name in new if name in settings.get("AttributesRequireVerificationBeforeUpdate", [])
        ]
        changes = {name: value for name, value in asked.items() if name not in kept_back}
        changes |= {f"{name}_verified": "false" for name in new if name not in kept_back}
        status, headers, body = update({**data, "UserAttributes": cognito._dict_to_attr_list(changes)})
        if status != 200:  # noqa: PLR2004
            return status, headers, body
        pending = user.setdefault("_pending_attributes", {})
        for name in new:
            pending[name] = {"Value": asked[name], "Code": CODE}
        deliveries = [delivery(name, asked[name]) for name in new if is_verified_by_code(pool, name)]
        answer: Answer = json_response(
            {"CodeDeliveryDetailsList": deliveries} if "AccessToken" in data else {}
        )
        return answer

    return operation


def send_code(data: Data) -> Answer:
    """Send the code for an address, the new one where it is kept back."""
    user = user_of(data)
    if user is None:
        return refused("Invalid Access Token", "NotAuthorizedException")
    name = data.get("AttributeName", "")
    pending = user.setdefault("_pending_attributes", {})
    value = pending.get(name, {}).get("Value") or attributes_of(user).get(name)
    if name not in ADDRESSES or value is None:
        return refused(f"Invalid attribute name: {name}")
    pending[name] = {"Value": value, "Code": CODE}
    answer: Answer = json_response({"CodeDeliveryDetails": delivery(name, value)})
    return answer


def verify(data: Data) -> Answer:
    """Make an address the customer's own when the code is right."""
    user = user_of(data)
    if user is None:
        return refused("Invalid Access Token", "NotAuthorizedException")
    name = data.get("AttributeName", "")
    waiting = user.get("_pending_attributes", {}).get(name)
    if waiting is None:
        return refused("Invalid code provided, please request a code again.", "ExpiredCodeException")
    if data.get("Code") != waiting["Code"]:
        return refused("Invalid verification code provided, please try again.", "CodeMismatchException")
    del user["_pending_attributes"][name]
    verified = {name: waiting["Value"], f"{name}_verified": "true"}
    user["Attributes"] = cognito._merge_attributes(user["Attributes"], cognito._dict_to_attr_list(verified))
    answer: Answer = json_response({})
    return answer


def user_of(data: Data) -> User | None:
    """Find the user that a request is about."""
    if "AccessToken" in data:
        found: User | None = cognito._user_pool_for_access_token(data["AccessToken"])[0]
        return found
    pool: Pool | None = pool_of(data)
    user: User | None = cognito._resolve_user(pool, data.get("Username"))[0] if pool else None
    return user


def attributes_of(user: User) -> dict[str, str]:
    """Return a user's attributes by name."""
    attributes: dict[str, str] = cognito._attr_list_to_dict(user["Attributes"])
    return attributes


def is_verified_by_code(pool: Pool, name: str) -> bool:
    """Return whether the pool sends codes to such addresses."""
    return name in (pool.get("AutoVerifiedAttributes") or [])


def delivery(name: str, value: str) -> dict[str, str]:
    """Return where a code went."""
    masked = f"{value[0]}***@{value.partition('@')[2][0]}***" if name == "email" else f"+*******{value[-4:]}"
    return {"Destination": masked, "DeliveryMedium": MEDIA[name], "AttributeName": name}
