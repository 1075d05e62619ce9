"""A customer writes only the attributes that the client may write: `WriteAttributes`, or the standard ones.

`sub` and whether an address is verified are never written by customers, and no attribute makes a group.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

from local_aws.rules._cognito import (
    BY_CUSTOMERS,
    NOT_WRITABLE,
    STANDARD,
    Answer,
    Data,
    Pool,
    before,
    client_id_of,
    refused,
    written,
)


def install() -> None:
    """Refuse other attributes at sign-up and of signed-in customers."""
    before(BY_CUSTOMERS, may_write)


def may_write(pool: Pool, data: Data) -> Answer | None:
    """Refuse attributes that the request's client may not write."""
    client = pool["_clients"].get(client_id_of(data)) or {}
    writable = frozenset(client.get("WriteAttributes") or STANDARD) - NOT_WRITABLE
    if written(data).keys() <= writable:
        return None
    return refused("A client attempted to write unauthorized attribute", "NotAuthorizedException")
