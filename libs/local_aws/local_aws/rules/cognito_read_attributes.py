"""A customer's tokens and `GetUser` hold what the client may read: `ReadAttributes`, or the standard ones.

Groups in tokens come from membership alone, and an address without a confirmed code is not verified.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
"""

import inspect
import json
from functools import wraps
from typing import Any

from ministack.services import cognito

from local_aws.rules._cognito import STANDARD, Answer, Data, client_id_of, pool_of


def install() -> None:
    """Omit all other attributes."""
    make_token, get_user = cognito._fake_token, cognito._get_user

    signature = inspect.signature(make_token)

    @wraps(make_token)
    def token(*arguments: Any, **further: Any) -> str:
        asked = signature.bind(*arguments, **further)
        values = asked.arguments
        if values.get("token_type") == "id" and values.get("user_attrs"):
            pool = cognito._user_pools.get(values["pool_id"])
            values["user_attrs"] = as_read(values["user_attrs"], readable_by(pool, values["client_id"]))
        made: str = make_token(*asked.args, **asked.kwargs)
        return made

    @wraps(get_user)
    def user(data: Data) -> Answer:
        status, headers, body = get_user(data)
        answer = json.loads(body)
        if "UserAttributes" in answer:
            readable = readable_by(pool_of(data), client_id_of(data))
            answer["UserAttributes"] = [one for one in answer["UserAttributes"] if one["Name"] in readable]
            body = json.dumps(answer).encode()
        return status, headers, body

    cognito._fake_token = token
    cognito._get_user = user


def as_read(attributes: dict[str, str], readable: frozenset[str]) -> dict[str, str]:
    """Return the attributes that a token holds."""
    kept = {name: value for name, value in attributes.items() if name in readable}
    if "email" in kept and "email_verified" in readable:
        kept.setdefault("email_verified", "false")
    return kept


def readable_by(pool: dict[str, Any] | None, client_id: str | None) -> frozenset[str]:
    """Return the names of what a client may read."""
    client = (pool or {}).get("_clients", {}).get(client_id) or {}
    return frozenset(client.get("ReadAttributes") or STANDARD) | {"sub", "identities"}
