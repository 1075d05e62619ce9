"""Attributes are those of the pool's schema, with its types and lengths, and change only when mutable.

A sign-up has every required one. This holds for operators as well.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SchemaAttributeType.html
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

from typing import Any

from local_aws.rules._cognito import BY_CUSTOMERS, BY_OPERATORS, Answer, Data, Pool, before, refused, written

CREATING = ("_sign_up", "_admin_create_user")
UPDATING = ("_update_user_attributes", "_admin_update_user_attributes")
BOOLEANS = {"true", "false"}


def install() -> None:
    """Check every attribute that is written."""
    before((*BY_CUSTOMERS, *BY_OPERATORS), conforms)
    before(CREATING, leaves_sub_alone)
    before(UPDATING, is_mutable)
    before(("_sign_up",), is_complete)


def conforms(pool: Pool, data: Data) -> Answer | None:
    """Refuse attributes that the schema does not know, and values that it does not allow."""
    schema = schema_of(pool)
    for name, value in written(data).items():
        if name not in schema:
            return refused(
                f"Attributes did not conform to the schema: {name}: Attribute does not exist in the schema."
            )
        fault = fault_of(value, schema[name])
        if fault:
            return refused(f"Attributes did not conform to the schema: {name}: {fault}")
    return None


def fault_of(value: str, attribute: dict[str, Any]) -> str | None:
    """Return what is wrong with a value."""
    if attribute["AttributeDataType"] == "Boolean":
        return None if value.lower() in BOOLEANS else "Value must be true or false."
    if attribute["AttributeDataType"] == "Number":
        return None if value.removeprefix("-").isdecimal() else "Value must be a number."
    limits = attribute.get("StringAttributeConstraints") or {}
    if len(value) < int(limits.get("MinLength", 0)):
        return f"String must have length no less than {limits['MinLength']}"
    if len(value) > int(limits.get("MaxLength", 2048)):
        return f"String must have length no more than {limits.get('MaxLength', 2048)}"
    return None


def leaves_sub_alone(_: Pool, data: Data) -> Answer | None:
    """Refuse to choose the identity of a new user."""
    return refused("Cannot modify the non-mutable attribute sub") if "sub" in written(data) else None


def is_mutable(pool: Pool, data: Data) -> Answer | None:
    """Refuse to change what never changes."""
    schema = schema_of(pool)
    fixed = next((name for name in written(data) if name in schema and not schema[name]["Mutable"]), None)
    return refused(f"user.{fixed}: Attribute cannot be updated.") if fixed else None


def is_complete(pool: Pool, data: Data) -> Answer | None:
    """Refuse a sign-up that leaves out what is required; the sign-in name may be one of the attributes."""
    given = {"sub", *(pool.get("UsernameAttributes") or []), *written(data)}
    missing = [
        name for name, attribute in schema_of(pool).items() if attribute["Required"] and name not in given
    ]
    if not missing:
        return None
    return refused(
        f"Attributes did not conform to the schema: {missing[0]}: The attribute {missing[0]} is required"
    )


def schema_of(pool: Pool) -> dict[str, dict[str, Any]]:
    """Return the attributes of a pool by their names."""
    return {attribute["Name"]: attribute for attribute in pool["SchemaAttributes"]}
