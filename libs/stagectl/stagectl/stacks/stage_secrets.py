"""The secrets of a stage: those that its functions may read, and creating the missing ones.

All else that a function reads has a default in its code or comes from a stack. A secret can have neither.
"""

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stagectl import aws
from stagectl.aws import refusals
from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.stacks.stack_states import StackStates
from stagectl.terminal import console, hints

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

_GRANTED = re.compile(r":parameter(/[\w.-]+/[\w.-]+/[\w.-]+/secretString)\b")
_RANDOM_BYTES = 32
_MOST_NAMES_AT_ONCE = 50


class Outcome(StrEnum):
    """The state of a secret, or what was done with it."""

    MADE = "made"
    ROTATED = "rotated"
    PRESENT = "present"
    MISSING = "missing"
    ANOTHER_STAGES = "another stage's"


@dataclass(frozen=True)
class Finding:
    """One secret.

    Attributes:
        name: Name of its parameter, `/{service}/{stage}/{function}/secretString`. The stage in it is another
            one than the stage that reads it when that was deployed with `ssmStage`.
        outcome: What is the case.
    """

    name: str
    outcome: Outcome

    @property
    def owner(self) -> str:
        """The stage that keeps it."""
        return self.name.split("/")[2]

    @property
    def way_out(self) -> str:
        """The command that makes it when it is missing."""
        return f"stagectl configure --stage {self.owner}"


def read_by(template: Any) -> set[str]:
    """Return the names of the secrets that the policies of a compiled template let functions read."""
    return set(_GRANTED.findall(json.dumps(template)))


def missing_on(states: StackStates, stage: str, stacks: Iterable[Stack]) -> list[Finding]:
    """Return the missing secrets of a deployed stage; none, with a message, when the caller may not look."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    try:
        findings = StageSecrets.find(states, stage, stacks).look()
    except ClientError as error:
        if not refusals.is_denied(error):
            raise
        console.say(f"Secrets of stage {stage} were not checked: the credentials may not list parameters.")
        return []
    return [finding for finding in findings if finding.outcome is Outcome.MISSING]


class StageSecrets:
    """The secrets that the deployed functions of one stage may read.

    Args:
        ssm: Client of its target.
        stage: Name of the stage.
        names: Names of the secrets' parameters.
    """

    def __init__(self, ssm: "SSMClient", stage: str, names: Iterable[str]) -> None:
        self._ssm = ssm
        self._stage = stage
        self._names = sorted(names)

    @classmethod
    def find(cls, states: StackStates, stage: str, stacks: Iterable[Stack]) -> "StageSecrets":
        """Return those that the deployed templates of some stacks declare.

        Raises:
            UsageError: None of the stacks is on the stage.
        """
        names = [stack.on_stage(stage) for stack in stacks]
        templates = [states.deployed_template(name) for name in names if states.find(name)]
        if not templates:
            raise UsageError(f"Stage {stage} is not deployed. Deploy it first: stagectl up --stage {stage}.")
        return cls(aws.session().client("ssm"), stage, set().union(*map(read_by, templates)))

    def look(self) -> list[Finding]:
        """Return which secrets exist and which are missing; no value is read."""
        present = set(self._present())
        return [
            Finding(name, Outcome.PRESENT if name in present else Outcome.MISSING) for name in self._names
        ]

    def make_missing(self) -> list[Finding]:
        """Create each missing secret of the stage with a random value.

        Existing secrets are never changed, nor are secrets that the stage reads from another stage.

        Raises:
            UsageError: The stage has no key to encrypt them with.
        """
        return [Finding(name, self._make(name)) for name in self._names]

    def rotate(self, chosen: str) -> Finding:
        """Replace a secret of the stage with a new random value.

        Args:
            chosen: Which one, as `SERVICE/FUNCTION`.

        Raises:
            UsageError: The stage has no such secret of its own, or no key to encrypt it with.
        """
        own = {f"{service}/{function}": name for name, (service, function) in self._own().items()}
        if chosen not in own:
            raise UsageError(hints.unknown("secret", chosen, own, where=f" of stage {self._stage}"))
        self._put(own[chosen], overwrite=True)
        return Finding(own[chosen], Outcome.ROTATED)

    def _own(self) -> dict[str, tuple[str, str]]:
        parts = {name: name.split("/") for name in self._names}
        return {name: (part[1], part[3]) for name, part in parts.items() if part[2] == self._stage}

    def _make(self, name: str) -> Outcome:
        if name not in self._own():
            return Outcome.ANOTHER_STAGES
        try:
            self._put(name, overwrite=False)
        except self._ssm.exceptions.ParameterAlreadyExists:
            return Outcome.PRESENT
        return Outcome.MADE

    def _put(self, name: str, *, overwrite: bool) -> None:
        self._ssm.put_parameter(
            Name=name,
            Value=secrets.token_urlsafe(_RANDOM_BYTES),
            Type="SecureString",
            KeyId=self._key_arn,
            Overwrite=overwrite,
        )

    @cached_property
    def _key_arn(self) -> str:
        name = f"/shared-infra/{self._stage}/kmsArn"
        try:
            return self._ssm.get_parameter(Name=name)["Parameter"]["Value"]
        except self._ssm.exceptions.ParameterNotFound:
            raise UsageError(
                f"Stage {self._stage} has no key for secrets, which shared-infra publishes as {name}: "
                f"run `stagectl up --stage {self._stage} --service shared-infra` first"
            ) from None

    def _present(self) -> Iterator[str]:
        # Unlike GetParameters this never brings a value here.
        for first in range(0, len(self._names), _MOST_NAMES_AT_ONCE):
            asked = self._names[first : first + _MOST_NAMES_AT_ONCE]
            pages = self._ssm.get_paginator("describe_parameters").paginate(
                ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": asked}]
            )
            for page in pages:
                yield from (parameter["Name"] for parameter in page["Parameters"])
