"""Policies may have conditions on a stack's role and on the resource types imported into it.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
"""

import re

from ministack.core.responses import get_account_id, get_region

from local_aws.questions import Call, Context, Resources, about

_IMPORTED = re.compile(r"ResourcesToImport\.member\.\d+\.ResourceType")


def install() -> None:
    """Give policies both keys."""
    about("cloudformation", stack)


def stack(call: Call) -> Resources | None:
    """Return the stack of a call, with what the call says of role and imports."""
    values = {name: _first(value) for name, value in call.query.items()}
    context: dict[str, object] = {}
    if values.get("RoleARN"):
        context["cloudformation:rolearn"] = values["RoleARN"]
    imported = [value for name, value in values.items() if _IMPORTED.fullmatch(name)]
    if imported:
        context["cloudformation:importresourcetypes"] = imported
    return Resources.of((_stack_arn(values), context)) if context else None


def _stack_arn(values: Context) -> str:
    name = str(values.get("StackName", ""))
    return (
        name
        if name.startswith("arn:")
        else f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:stack/{name}/*"
    )


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) else value
