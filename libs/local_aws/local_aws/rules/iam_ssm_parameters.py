"""`GetParametersByPath` needs the permission for the path, `GetParameters` that for each parameter.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
"""

import json

from local_aws.questions import Call, Resources, about


def install() -> None:
    """Make parameters and paths of parameters the resources of the calls that read them."""
    about("ssm", parameters)


def parameters(call: Call) -> Resources | None:
    """Return the parameters, or the path, that a call reads."""
    action = call.action("ssm")
    prefix = f"arn:aws:ssm:{call.here}:parameter"
    if action == "GetParametersByPath":
        asked = json.loads(call.body)
        is_recursive = str(asked.get("Recursive", False)).lower()
        return Resources.of((f"{prefix}{asked['Path']}", {"ssm:recursive": is_recursive}))
    if action == "GetParameters":
        names = json.loads(call.body)["Names"]
        return Resources.of(*((f"{prefix}/{name.removeprefix('/')}", {}) for name in names))
    return None
