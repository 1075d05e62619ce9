"""Services that a stage uses from a base stage instead of deploying them.

Such a service's published parameters are copied to the stage's own paths. So the services that are deployed
find it where they always look, and no template knows the difference.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

BASE_STAGE = "baseStage"
"""`/{service}/{stage}/baseStage` names the stage that a service is taken from; it exists for no other."""

_MOST_NAMES_AT_ONCE = 10


def take(ssm: "SSMClient", stage: str, base: str, services: Mapping[str, Mapping[str, str]]) -> None:
    """Copy the parameters of services of a base stage, which may use those of its own base.

    Args:
        ssm: Client of their target.
        stage: The stage that takes.
        base: The stage that is taken from.
        services: What each service publishes there, by name.
    """
    for service, found in services.items():
        # First, and removed last: a copy that nothing marks would pass for the stage's own.
        for name, value in {BASE_STAGE: base, **found}.items():
            _put(ssm, f"/{service}/{stage}/{name}", value)


def published(ssm: "SSMClient", service: str, stage: str) -> dict[str, str]:
    """Return what a service publishes on a stage, by name.

    Secrets are left out, and so is what operators write, which stands one level deeper.
    """
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=f"/{service}/{stage}", Recursive=False)
    return {
        parameter["Name"].rpartition("/")[2]: parameter["Value"]
        for page in pages
        for parameter in page["Parameters"]
        if parameter["Type"] == "String"
    }


def give_back(ssm: "SSMClient", stage: str, services: Iterable[str]) -> None:
    """Remove the copied parameters of services that are about to be deployed, where there are any."""
    for service in taken(ssm, stage, services):
        path = f"/{service}/{stage}"
        copies = [name for name in published(ssm, service, stage) if name != BASE_STAGE]
        for name in [*copies, BASE_STAGE]:
            ssm.delete_parameter(Name=f"{path}/{name}")


def taken(ssm: "SSMClient", stage: str, services: Iterable[str]) -> dict[str, str]:
    """Return the stage that a service is taken from, for each that a stage does not have itself."""
    names = {f"/{service}/{stage}/{BASE_STAGE}": service for service in services}
    found: dict[str, str] = {}
    for first in range(0, len(names), _MOST_NAMES_AT_ONCE):
        asked = list(names)[first : first + _MOST_NAMES_AT_ONCE]
        for parameter in ssm.get_parameters(Names=asked)["Parameters"]:
            found[names[parameter["Name"]]] = parameter["Value"]
    return found


def _put(ssm: "SSMClient", name: str, value: str) -> None:
    ssm.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)
