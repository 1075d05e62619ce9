"""What the rules about user pools share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

Answer = tuple[int, dict[str, str], Any]
Data = dict[str, Any]
Operation = Callable[[Data], Answer]
Pool = dict[str, Any]
Check = Callable[[Pool, Data], Answer | None]

BY_CUSTOMERS = ("_sign_up", "_update_user_attributes")
BY_OPERATORS = ("_admin_create_user", "_admin_update_user_attributes")
NOT_WRITABLE = frozenset({"sub", "email_verified", "phone_number_verified"})
STANDARD = frozenset(cognito._STANDARD_ATTRIBUTES_BY_NAME)


def before(operations: tuple[str, ...], check: Check) -> None:
    """Let a check refuse operations; those about no known user pool are left to MiniStack."""
    for name in operations:
        setattr(cognito, name, checked(getattr(cognito, name), check))


def checked(operate: Operation, check: Check) -> Operation:
    """Make an operation be refused when a check says so."""

    @wraps(operate)
    def operation(data: Data) -> Answer:
        pool = pool_of(data)
        return (check(pool, data) if pool else None) or operate(data)

    return operation


def pool_of(data: Data) -> Pool | None:
    """Find the pool that a request names: itself, by a client or by a token."""
    pools: dict[str, Pool] = cognito._user_pools
    if "UserPoolId" in data:
        return pools.get(data["UserPoolId"])
    client = client_id_of(data)
    return next((pool for pool in pools.values() if client in pool["_clients"]), None)


def client_id_of(data: Data) -> str | None:
    """Return the client that a request comes through; an operator's comes through none."""
    if "AccessToken" in data:
        client: str | None = cognito._decode_id_token_unverified(data["AccessToken"]).get("client_id")
        return client
    return data.get("ClientId")


def written(data: Data) -> dict[str, str]:
    """Return the attributes that a request would write."""
    return {attribute["Name"]: attribute.get("Value", "") for attribute in data.get("UserAttributes") or []}


def refused(message: str, code: str = "InvalidParameterException") -> Answer:
    """Return a refusal."""
    answer: Answer = error_response_json(code, message, 400)
    return answer
