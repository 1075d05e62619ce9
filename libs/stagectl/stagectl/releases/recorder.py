"""Record what a deployment makes live, and remove the versions that it leaves behind."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from stagectl import aws
from stagectl.checkout import stage_parameters
from stagectl.releases.live import CALLS_AT_ONCE, LiveAliases, LiveFunction
from stagectl.releases.record import Record
from stagectl.terminal import console

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

_LATEST = "$LATEST"
_SHIFTS = ("customersTrafficShift", "othersTrafficShift")
_AT_ONCE = "AllAtOnce"
_WAITING = "each stack with new versions takes as long as that. To end it: stagectl rollback."


class ReleaseRecorder:
    """Records the release of a stage, of which each deployment of a stack is a part.

    Args:
        aliases: The aliases of the stage's target.
        functions: Lambda's client of the same target.
        began_at: When the release began.
        versions_kept: How many versions of each function stay.
    """

    def __init__(
        self, aliases: LiveAliases, functions: "LambdaClient", began_at: datetime, versions_kept: int
    ) -> None:
        self._aliases = aliases
        self._functions = functions
        self._began_at = f"{began_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        self._versions_kept = versions_kept

    @classmethod
    def of_stage(cls, root: Path, stage: str, parameters: Iterable[str], *, is_emulator: bool) -> Self | None:
        """Return the recorder of a release that begins now, None of a stage whose functions are not released.

        Args:
            root: Root of the checkout.
            stage: Stage name; its target must have been entered.
            parameters: Parameters of the deployment, as `name=value`.
            is_emulator: Whether the target moves aliases at once, whatever the parameters say.
        """
        given = list(parameters)
        if stage_parameters.effective(root, stage, "releases", given) != "true":
            return None
        kept = int(stage_parameters.effective(root, stage, "versionsKept", given))
        shifts = {stage_parameters.effective(root, stage, name, given) for name in _SHIFTS}
        if not is_emulator and shifts != {_AT_ONCE}:
            console.say(f"Traffic is shifted step by step ({', '.join(sorted(shifts))}): {_WAITING}")
        functions = aws.session().client("lambda")
        return cls(LiveAliases.of_entered_target(), functions, datetime.now(tz=UTC), kept)

    def begin(self, stack: str) -> Sequence[LiveFunction]:
        """Record what is live, so that it is known even if nothing of this process outlives the deployment.

        Returns:
            What is live, for `finish`.
        """
        before = self._aliases.of_stack(stack)
        for function in before:
            self._aliases.describe(function, str(Record(self._began_at, function.version)))
        return before

    def finish(self, stack: str, before: Sequence[LiveFunction]) -> None:
        """Record what has become live, and remove old versions.

        A function that the deployment did not move keeps the record of the release that did.
        """
        earlier = {function.name: function for function in before}
        after = self._aliases.of_stack(stack)
        for function in after:
            was = earlier.get(function.name)
            if was is None:
                continue
            moved = Record(self._began_at, was.version, function.version)
            unchanged = was.version == function.version
            self._aliases.describe(function, was.description if unchanged else str(moved))
        with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
            removed = sum(pool.map(self._remove_old_versions, self._aliases.of_stack(stack)))
        if removed:
            console.say(f"  {stack}: removed {removed} old versions of functions")

    def _remove_old_versions(self, function: LiveFunction) -> int:
        """Remove all but the newest versions, never one that an alias or its record names."""
        pages = self._functions.get_paginator("list_versions_by_function").paginate(
            FunctionName=function.name
        )
        numbers = (one["Version"] for page in pages for one in page["Versions"])
        newest = sorted((one for one in numbers if one != _LATEST), key=int, reverse=True)
        record = function.record
        named = {function.version, *function.shares, *((record.before,) if record else ())}
        old = [version for version in newest[self._versions_kept :] if version not in named]
        return sum(self._remove(function.name, version) for version in old)

    def _remove(self, name: str, version: str) -> bool:
        conflict = self._functions.exceptions.ResourceConflictException
        try:
            self._functions.delete_function(FunctionName=name, Qualifier=version)
        except conflict:
            return False  # another alias names it
        return True
