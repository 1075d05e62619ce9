"""Where a client rotates refresh tokens, each is good for one use and a grace period.

A refresh answers with a new refresh token, and the old one is refused once the grace period is over. Such a
client cannot have `ALLOW_REFRESH_TOKEN_AUTH`.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html
"""

import json
import time
from functools import wraps

from ministack.core.responses import json_response
from ministack.services import cognito
from ministack.services.cloudformation import provisioners

from local_aws.rules._cognito import Answer, Data, Operation, Pool, before, pool_of, refused

ROTATION = "RefreshTokenRotation"
ENDED_AT: dict[str, float] = {}
"""When the grace period of a refresh token that was used ends."""


def install() -> None:
    """Keep the setting of clients, and rotate."""
    provisioners._COGNITO_USER_POOL_CLIENT_UPDATABLE[ROTATION] = None
    before(("_create_user_pool_client", "_update_user_pool_client"), refuse_both)
    cognito._create_user_pool_client = keeping(cognito._create_user_pool_client)
    cognito._update_user_pool_client = keeping(cognito._update_user_pool_client)
    before(("_get_tokens_from_refresh_token",), refuse_reuse)
    cognito._get_tokens_from_refresh_token = rotating(cognito._get_tokens_from_refresh_token)


def refuse_both(_: Pool, data: Data) -> Answer | None:
    """Refuse a client that would rotate and have the flow that cannot."""
    if is_on(data) and "ALLOW_REFRESH_TOKEN_AUTH" in (data.get("ExplicitAuthFlows") or []):
        return refused("Refresh token rotation cannot be enabled together with ALLOW_REFRESH_TOKEN_AUTH.")
    return None


def keeping(write: Operation) -> Operation:
    """Make a client keep its setting."""

    @wraps(write)
    def operation(data: Data) -> Answer:
        answer = write(data)
        pool = pool_of(data)
        if answer[0] == 200 and pool and ROTATION in data:  # noqa: PLR2004
            made = json.loads(answer[2])["UserPoolClient"]
            pool["_clients"][made["ClientId"]][ROTATION] = data[ROTATION]
            answer = json_response({"UserPoolClient": made | {ROTATION: data[ROTATION]}})
        return answer

    return operation


def refuse_reuse(_: Pool, data: Data) -> Answer | None:
    """Refuse a refresh token that was used and is past its grace period."""
    if time.time() < ENDED_AT.get(data.get("RefreshToken", ""), float("inf")):
        return None
    return refused("Refresh token has been invalidated by rotation.", "RefreshTokenReuseException")


def rotating(refresh: Operation) -> Operation:
    """Make a refresh answer with another refresh token, of the same sign-in."""

    @wraps(refresh)
    def operation(data: Data) -> Answer:
        answer = refresh(data)
        pool = pool_of(data)
        client = pool["_clients"][data["ClientId"]] if pool else {}
        if answer[0] != 200 or not pool or not is_on(client):  # noqa: PLR2004
            return answer
        used = data["RefreshToken"]
        claims = cognito._token_claims(used)
        new = cognito._fake_token(
            claims["sub"], pool["Id"], data["ClientId"], "refresh", origin_jti=claims["origin_jti"]
        )
        ENDED_AT.setdefault(used, time.time() + client[ROTATION].get("RetryGracePeriodSeconds", 0))
        result = json.loads(answer[2])["AuthenticationResult"] | {"RefreshToken": new}
        rotated: Answer = json_response({"AuthenticationResult": result})
        return rotated

    return operation


def is_on(client: Data) -> bool:
    """Return whether a client, or what one is made of, rotates refresh tokens."""
    return (client.get(ROTATION) or {}).get("Feature") == "ENABLED"
