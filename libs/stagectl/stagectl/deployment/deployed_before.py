"""Records of this checkout's deployments, so that unchanged stacks are skipped without packaging."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.checkout.ssm_handoff import parameters_read_in
from stagectl.deployment.deploy import DeploymentPlan
from stagectl.deployment.stack_inputs import StackInputs, tools_of
from stagectl.stacks.stack_reader import StackReader
from stagectl.stacks.stack_status import StackStatus
from stagectl.targets.provenance import NEVER

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

_SOUND = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_TEMPLATE = Path(".serverless") / "cloudformation-template-update-stack.json"


@dataclass(frozen=True)
class Record:
    """The state of a stack right after its deployment.

    Attributes:
        inputs: Hash of what it was deployed from.
        stack: Id of the CloudFormation stack, which names account and region and is another one for each
            creation.
        changed_at: When CloudFormation last changed it.
        taken: Hash of each SSM parameter's value that its template takes, by the parameter's name.
    """

    inputs: str
    stack: str
    changed_at: str
    taken: dict[str, str] = field(default_factory=dict)


class DeployedBefore:
    """Remembers deployments of a stage.

    A stack is as it was deployed when all that it is deployed from is the same, when nobody has changed it
    since, and when the SSM parameters that its template takes still have the same values. Whatever cannot be
    told counts as changed.

    Args:
        folder: Folder that takes the records.
        inputs: Hashes what stacks are deployed from.
        stacks: Reads the stacks of the target.
        ssm: Client of the target.
        plan: The deployment.
    """

    def __init__(
        self,
        folder: Path,
        inputs: StackInputs,
        stacks: StackReader,
        ssm: "SSMClient",
        plan: DeploymentPlan,
    ) -> None:
        self._folder = folder
        self._inputs = inputs
        self._stacks = stacks
        self._ssm = ssm
        self._plan = plan

    def inputs_of(self, stack: Stack) -> str | None:
        """Return the hash of what a stack would be deployed from, None when it cannot be told."""
        return self._inputs.digest(stack)

    def is_current(self, stack: Stack, inputs: str | None) -> bool:
        """Return whether a stack needs no deployment, given the hash of what it would be deployed from."""
        record = self._read(stack)
        if record is None or record.inputs != inputs:
            return False
        found = self._find(stack)
        return (
            found is not None
            and (found.stack_id, found.updated_at.isoformat()) == (record.stack, record.changed_at)
            and not self._should_renew(stack, found)
            and self._values(record.taken) == record.taken
        )

    def note(self, stack: Stack, inputs: str | None) -> None:
        """Remember a deployment that has just succeeded, given the hash of what it was made from.

        Nothing is recorded when the sources changed meanwhile, since it is not known which were deployed.
        """
        path = self._path(stack)
        path.unlink(missing_ok=True)
        found = self._find(stack)
        if inputs is None or found is None or self.inputs_of(stack) != inputs:
            return
        taken = self._values(dict.fromkeys(_taken(stack), ""))
        if taken is None:
            return
        record = Record(inputs, found.stack_id, found.updated_at.isoformat(), taken)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(asdict(record)), encoding="utf-8")
        unfinished.replace(path)

    def _find(self, stack: Stack) -> StackStatus | None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

        try:
            found = self._stacks.find(stack.on_stage(self._plan.stage))
        except (BotoCoreError, ClientError):
            return None
        return found if found and found.state in _SOUND else None

    def _should_renew(self, stack: Stack, found: StackStatus) -> bool:
        """Return whether a stack should carry the stage's new expiry.

        sls deploys stacks without functions whether they have changed or not, and so these are what a stage's
        life is told by. They are deployed again once half of it is over.
        """
        wanted = _moment(self._plan.tags.get("expires-at", NEVER))
        carried = _moment(found.tags.get("expires-at", NEVER))
        if stack.functions or wanted is None or carried is None:
            return False
        return carried - datetime.now(UTC) < (wanted - datetime.now(UTC)) / 2

    def _values(self, names: Mapping[str, str]) -> dict[str, str] | None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

        try:
            values = {name: self._ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in names}
        except (BotoCoreError, ClientError):
            return None
        return {name: hashlib.sha256(value.encode()).hexdigest() for name, value in values.items()}

    def _read(self, stack: Stack) -> Record | None:
        try:
            return Record(**json.loads(self._path(stack).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _path(self, stack: Stack) -> Path:
        return self._folder / self._plan.stage / f"{stack.name}.json"


def of(checkout: Checkout, plan: DeploymentPlan) -> DeployedBefore | None:
    """Return what is remembered of a stage whose target has been entered; None when nothing can be."""
    tools = tools_of(checkout, plan.target.environment)
    if tools is None:
        return None
    inputs = StackInputs(
        checkout,
        stage=plan.stage,
        parameters=plan.parameters,
        environment=plan.target.environment,
        tools=tools,
    )
    emulator = plan.target.emulator
    folder = emulator.folder / "tmp" if emulator else checkout.state
    session = aws.session()
    return DeployedBefore(
        folder / "deployed",
        inputs,
        StackReader(session.client("cloudformation")),
        session.client("ssm"),
        plan,
    )


def _taken(stack: Stack) -> Iterator[str]:
    """Yield the names of the SSM parameters that a stack's compiled template takes when it is deployed."""
    return parameters_read_in(json.loads((stack.folder / _TEMPLATE).read_text(encoding="utf-8")))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
