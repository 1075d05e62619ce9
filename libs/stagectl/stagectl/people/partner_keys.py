"""The API keys of a stage's partners."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from stagectl import aws
from stagectl.errors import StagectlError, UsageError
from stagectl.stacks.stage_stacks import PROJECT
from stagectl.terminal import hints

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient

OWNER = "partners"
"""The opt-in stack with the API and the usage plan."""

_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True)
class PartnerKey:
    """The API key of a partner, without its value.

    Attributes:
        name: Name of the partner.
        key_id: API Gateway's id of the key.
        created_at: When it was created.
        is_enabled: Whether API Gateway accepts it.
        requests_this_month: Requests since the first of the month, in UTC.
    """

    name: str
    key_id: str
    created_at: datetime
    is_enabled: bool
    requests_this_month: int


@dataclass(frozen=True)
class NewKey:
    """A key just created.

    Attributes:
        name: Name of the partner.
        key: Its value, a secret that is shown once.
        url: Root URL of the partners' API.
    """

    name: str
    key: str
    url: str


def check_name(name: str) -> None:
    """Check the name of a partner.

    Raises:
        UsageError: It cannot be one.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a partner's name. Use 2 to 40 lower-case letters, digits and dashes, "
            "beginning with a letter."
        )


class PartnerKeys:
    """The keys of the usage plan of a stage.

    Args:
        gateway: Client of its target.
        stage: The stage.
        plan_id: Id of its usage plan.
        url: Root URL of the partners' API.
    """

    def __init__(self, gateway: "APIGatewayClient", stage: str, plan_id: str, url: str) -> None:
        self._gateway = gateway
        self._stage = stage
        self._plan_id = plan_id
        self._url = url

    @classmethod
    def of_stage(cls, stage: str) -> Self:
        """Return the keys of a stage, whose target must have been entered.

        Raises:
            StagectlError: The stage does not have the stack.
        """
        session = aws.session()
        ssm = session.client("ssm")
        try:
            plan_id, url = (
                ssm.get_parameter(Name=f"/{OWNER}/{stage}/{name}")["Parameter"]["Value"]
                for name in ("usagePlanId", "serviceUrl")
            )
        except ssm.exceptions.ParameterNotFound:
            raise StagectlError(
                f"Stage {stage} has no API for partners. Deploy it: "
                f"stagectl up --stage {stage} --service {OWNER} --param {OWNER}=true."
            ) from None
        return cls(session.client("apigateway"), stage, plan_id, url)

    def all(self) -> list[PartnerKey]:
        """Return the keys, sorted by name."""
        requests = self._requests_this_month()
        found = [
            PartnerKey(
                key["name"].removeprefix(self._prefix),
                key["id"],
                key["createdDate"],
                key["enabled"],
                requests.get(key["id"], 0),
            )
            for page in self._gateway.get_paginator("get_api_keys").paginate(nameQuery=self._prefix)
            for key in page["items"]
            # Another stage's name may begin like this one's.
            if key.get("tags", {}).get("stage") == self._stage
        ]
        return sorted(found, key=lambda key: key.name)

    def check_new(self, name: str) -> None:
        """Check that a partner has no key.

        Raises:
            UsageError: They have one.
        """
        if any(key.name == name for key in self.all()):
            raise UsageError(
                f"{name} has a key already, and its value cannot be shown again. Choose another name, or "
                f"revoke it: stagectl partners revoke {name} --stage {self._stage}."
            )

    def add(self, name: str) -> NewKey:
        """Create a key and attach it to the plan."""
        made = self._gateway.create_api_key(
            name=self._prefix + name, enabled=True, tags={"project": PROJECT, "stage": self._stage}
        )
        try:
            self._gateway.create_usage_plan_key(
                usagePlanId=self._plan_id, keyId=made["id"], keyType="API_KEY"
            )
        except Exception:
            # A key without a plan opens nothing, and its name could not be used again.
            self._gateway.delete_api_key(apiKey=made["id"])
            raise
        return NewKey(name, made["value"], self._url)

    def ids_of(self, name: str) -> list[str]:
        """Return the ids of a partner's keys: API Gateway does not keep names unique.

        Raises:
            UsageError: They have none.
        """
        keys = self.all()
        ids = [key.key_id for key in keys if key.name == name]
        if not ids:
            known = [key.name for key in keys]
            raise UsageError(
                hints.unknown("partner", name, known, where=f" with a key on stage {self._stage}")
            )
        return ids

    def delete(self, key_id: str) -> None:
        """Delete a key, which takes it off the plan."""
        self._gateway.delete_api_key(apiKey=key_id)

    @property
    def _prefix(self) -> str:
        return f"{OWNER}-{self._stage}-"

    def _requests_this_month(self) -> dict[str, int]:
        """Return the requests since the first of the month, in UTC, by key id."""
        today = datetime.now(tz=UTC).date()
        pages = self._gateway.get_paginator("get_usage").paginate(
            usagePlanId=self._plan_id, startDate=f"{today:%Y-%m}-01", endDate=today.isoformat()
        )
        # For each day: requests, and what was left of the quota.
        return {
            key_id: sum(used for used, _ in days) for page in pages for key_id, days in page["items"].items()
        }
