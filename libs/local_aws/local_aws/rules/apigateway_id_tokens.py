"""Without scopes on a method, a Cognito authorizer accepts ID tokens and refuses access tokens.

With scopes on the method it is the reverse, which MiniStack implements.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import apigateway_v1


def install() -> None:
    """Let only ID tokens through where no scopes are asked for."""
    apigateway_v1._validate_cognito_authorizer = of_id_tokens(apigateway_v1._validate_cognito_authorizer)


def of_id_tokens(validate: Callable[..., Any]) -> Callable[..., Any]:
    """Make the validation of a token ask what kind of token it is."""

    @wraps(validate)
    async def operation(authorizer: Any, method: dict[str, Any], *request: Any) -> Any:
        claims, error = await validate(authorizer, method, *request)
        if claims and not method.get("authorizationScopes") and claims.get("token_use") != "id":
            return None, apigateway_v1._gw_error("UNAUTHORIZED", "Unauthorized")
        return claims, error

    return operation
