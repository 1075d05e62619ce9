"""The real functions, as `sls package` compiled them: handler, variables, artifact."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.stage import REPOSITORY

_COMPILED = "cloudformation-template-update-stack.json"


class NotPackagedError(Exception):
    """There is nothing to measure."""

    def __init__(self) -> None:
        super().__init__("no service is packaged: run `sls package --stage local` in services/* first")


@dataclass(frozen=True)
class Function:
    """One function of a compiled stack.

    Attributes:
        name: `service/function`, with its key in serverless.yml.
        handler: What the runtime imports.
        environment: Its variables; where only a deployment knows a value, a plausible one.
        artifact: The zip that would be uploaded.
    """

    name: str
    handler: str
    environment: dict[str, str]
    artifact: Path


def packaged_functions(aws_url: str) -> dict[str, Function]:
    """Return the functions of all services by name.

    Args:
        aws_url: The URL that stands in for every URL that only a deployment knows.

    Raises:
        NotPackagedError: No service is packaged.
    """
    found = {
        function.name: function
        for template in sorted(REPOSITORY.glob(f"services/*/.serverless/{_COMPILED}"))
        for function in _of_template(template, aws_url)
    }
    if not found:
        raise NotPackagedError
    return found


def _of_template(file: Path, aws_url: str) -> Iterator[Function]:
    service = file.parents[1].name
    for resource in json.loads(file.read_text())["Resources"].values():
        properties = resource.get("Properties", {})
        # Custom resources of plugins are functions too, in other languages.
        if resource["Type"] != "AWS::Lambda::Function" or not properties["Runtime"].startswith("python"):
            continue
        key = re.sub(rf"^{service}-[^-]+-", "", properties["FunctionName"])
        variables = properties.get("Environment", {}).get("Variables", {})
        yield Function(
            name=f"{service}/{key}",
            handler=properties["Handler"],
            environment={name: plausible(name, value, aws_url) for name, value in variables.items()},
            artifact=file.parent / properties["Code"]["S3Key"].rpartition("/")[2],
        )


def plausible(name: str, value: Any, aws_url: str) -> str:
    """Return what a variable of a function could be, where only a deployment knows.

    Args:
        name: Its name, which says whether it is an address or an ARN.
        value: Its value: plain, a reference of the Serverless Framework, or one of CloudFormation.
        aws_url: The URL that stands in for every URL.
    """
    if isinstance(value, str | int | float) and "${" not in str(value):
        return str(value)
    if name.endswith(("_URL", "_ENDPOINT")):
        return f"{aws_url}/local"
    if name.endswith("_ARN"):
        return f"arn:aws:states:us-east-1:000000000000:{name.lower()}"
    # The framework's references are limits and times, nearly all of them.
    return "20" if isinstance(value, str) else f"lab-{name.lower().replace('_', '-')}"
