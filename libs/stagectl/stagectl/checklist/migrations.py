"""Migrations of stored data: ordered, repeatable, and taken up again where they were left.

A migration is a file `services/NAME/migrations/NNNN_what_it_does.py` with a docstring and

    def migrate(dynamodb, stage, cursor, *, is_dry_run) -> Iterator[tuple[str | None, int]]

It works page by page, and yields after each the cursor of the next page, None at the end, and how many items
it changed, or would change. It may run again from any of its cursors, also twice at once.
"""

import re
import runpy
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from stagectl import aws
from stagectl.checklist.history import History
from stagectl.checkout.services import Stack
from stagectl.errors import StacksError, StagectlError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

    Migrate: TypeAlias = Callable[..., Iterator[tuple[str | None, int]]]

_NAME = re.compile(r"[0-9]{4}_[a-z0-9_]+")
# SSM accepts few writes in a second.
_SECONDS_BETWEEN_CHECKPOINTS = 2.0
_DONE = "done"


@dataclass(frozen=True)
class Migration:
    """A migration of one service's data.

    Attributes:
        service: The service.
        name: Name of its file, whose number orders it.
        path: Its file.
    """

    service: str
    name: str
    path: Path

    @property
    def place(self) -> str:
        """Where its progress is kept."""
        return f"migrations/{self.service}/{self.name}"

    def __str__(self) -> str:
        return f"{self.service} {self.name}"

    def load(self) -> tuple["Migrate", str]:
        """Import it; return its function and what it says it does.

        Raises:
            StacksError: It cannot be imported, or lacks the function.
        """
        try:
            module = runpy.run_path(str(self.path))
            migrate: Migrate = module["migrate"]
        except Exception as error:
            raise StacksError(
                f"{self.path} is no migration: {type(error).__name__}: {error}. It needs a function migrate."
            ) from error
        return migrate, (module["__doc__"] or self.name).partition("\n")[0]


def find(stacks: Mapping[str, Stack]) -> list[Migration]:
    """Return the migrations of the services, in the order of the services and then of their numbers.

    Raises:
        StacksError: A file's name has no number, or two have the same.
    """
    found = []
    for stack in stacks.values():
        names = sorted(path.stem for path in stack.folder.glob("migrations/*.py") if path.stem != "__init__")
        numbers = [name[:4] for name in names]
        for name in names:
            if not _NAME.fullmatch(name) or numbers.count(name[:4]) > 1:
                raise StacksError(
                    f"{stack.folder}/migrations/{name}.py needs a name of its own number, such as "
                    "0002_what_it_does.py."
                )
        found += [Migration(stack.name, name, stack.folder / "migrations" / f"{name}.py") for name in names]
    return found


class Migrations:
    """Runs migrations on a stage, whose target must have been entered.

    Args:
        stage: The stage.
        history: Where their progress is kept.
        say: Prints progress.
    """

    def __init__(self, stage: str, history: History, say: Callable[[str], None]) -> None:
        self._stage = stage
        self._history = history
        self._say = say
        self._run = str(uuid.uuid4())

    def pending(self, migrations: list[Migration]) -> list[Migration]:
        """Return those that are not done on the stage."""
        return [one for one in migrations if (self._history.read(one.place) or {}).get("state") != _DONE]

    def count(self, migration: Migration) -> int:
        """Return how many items a migration would change from where it is; changes nothing."""
        cursor, _ = self._left_at(migration)
        migrate, _ = migration.load()
        return sum(changed for _, changed in migrate(_dynamodb(), self._stage, cursor, is_dry_run=True))

    def run(self, migration: Migration) -> int:
        """Run a migration from where it was left, to its end; return how many items it has changed in all.

        Raises:
            StagectlError: Another run has begun meanwhile.
        """
        cursor, changed = self._left_at(migration)
        migrate, does = migration.load()
        self._say(f"  {migration}: {does}" + (f" Goes on after {changed} items." if cursor else ""))
        self._checkpoint(migration, cursor, changed, "running")
        checkpoint_at = time.monotonic()
        for reached, more in migrate(_dynamodb(), self._stage, cursor, is_dry_run=False):
            changed += more
            if reached is not None and time.monotonic() >= checkpoint_at:
                self._check_that_it_is_ours(migration)
                self._checkpoint(migration, reached, changed, "running")
                self._say(f"  {migration}: {changed} items changed")
                checkpoint_at = time.monotonic() + _SECONDS_BETWEEN_CHECKPOINTS
        self._check_that_it_is_ours(migration)
        self._checkpoint(migration, None, changed, _DONE)
        return changed

    def adopt(self, migration: Migration) -> None:
        """Keep a migration as done without running it, as its service has no data yet."""
        self._checkpoint(migration, None, 0, _DONE)

    def _left_at(self, migration: Migration) -> tuple[str | None, int]:
        kept = self._history.read(migration.place) or {}
        return kept.get("cursor"), int(kept.get("changed", 0))

    def _check_that_it_is_ours(self, migration: Migration) -> None:
        if (self._history.read(migration.place) or {}).get("run") != self._run:
            raise StagectlError(
                f"Another run of {migration} began on stage {self._stage} meanwhile, and goes on where this "
                "one was. Wait for its end, then release again."
            )

    def _checkpoint(self, migration: Migration, cursor: str | None, changed: int, state: str) -> None:
        document = {"state": state, "run": self._run, "changed": changed, "cursor": cursor}
        self._history.write(migration.place, document)


def _dynamodb() -> "DynamoDBServiceResource":
    return aws.session().resource("dynamodb")
