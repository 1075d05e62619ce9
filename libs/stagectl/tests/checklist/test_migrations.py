from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from stagectl.checklist import migrations
from stagectl.checklist.history import History
from stagectl.checklist.migrations import Migration, Migrations
from stagectl.checkout.services import Stack
from stagectl.errors import StacksError, StagectlError

from ..fakes.ssm import FakeSsm

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

PAGES = 5
# Counts from a cursor, notes each page in a file, and is killed where a second file says so.
COUNTING = f'''"""Count pages. It does nothing else."""

from pathlib import Path

def migrate(dynamodb, stage, cursor, *, is_dry_run):
    here = Path(__file__).parent
    for page in range(int(cursor or 0), {PAGES}):
        if (here / f"killed-at-{{page}}").exists():
            raise KeyboardInterrupt
        if not is_dry_run:
            with (here / "pages").open("a") as file:
                file.write(f"{{stage}} {{page}}\\n")
        yield (str(page + 1) if page + 1 < {PAGES} else None), 10
'''


@pytest.fixture(autouse=True)
def each_page_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    monkeypatch.setattr(migrations, "_dynamodb", lambda: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "0001_count.py").write_text(COUNTING, "utf-8")
    return made


@pytest.fixture
def ssm() -> FakeSsm:
    return FakeSsm()


def stacks(folder: Path) -> dict[str, Stack]:
    return {"orders": Stack("orders", folder.parent)}


def only(folder: Path) -> Migration:
    (found,) = migrations.find(stacks(folder))
    return found


def run_of(ssm: FakeSsm) -> Migrations:
    return Migrations("dev", History(cast("SSMClient", ssm), "dev", "ada"), lambda _: None)


def pages_of(folder: Path) -> list[str]:
    return (folder / "pages").read_text("utf-8").splitlines()


def test_a_migration_runs_to_its_end_and_is_not_pending_any_more(folder: Path, ssm: FakeSsm) -> None:
    assert run_of(ssm).run(only(folder)) == PAGES * 10
    assert pages_of(folder) == [f"dev {page}" for page in range(PAGES)]
    assert run_of(ssm).pending(migrations.find(stacks(folder))) == []


def test_one_that_was_killed_resumes_where_it_was_left(folder: Path, ssm: FakeSsm) -> None:
    (folder / "killed-at-3").touch()
    with pytest.raises(KeyboardInterrupt):
        run_of(ssm).run(only(folder))
    (folder / "killed-at-3").unlink()
    assert run_of(ssm).pending(migrations.find(stacks(folder))) == [only(folder)]

    assert run_of(ssm).run(only(folder)) == PAGES * 10
    assert pages_of(folder) == [f"dev {page}" for page in range(PAGES)]


def test_a_dry_run_counts_and_changes_nothing(folder: Path, ssm: FakeSsm) -> None:
    assert run_of(ssm).count(only(folder)) == PAGES * 10
    assert not (folder / "pages").exists()
    assert ssm.parameters == {}


def test_of_two_runs_the_earlier_one_stops(folder: Path, ssm: FakeSsm) -> None:
    first, second = run_of(ssm), run_of(ssm)
    put = ssm.put_parameter

    def overtaken(**request: str) -> None:
        put(**request)
        ssm.put_parameter = put  # type: ignore[method-assign]
        second.run(only(folder))

    ssm.put_parameter = overtaken  # type: ignore[method-assign, assignment]
    with pytest.raises(StagectlError, match="Another run of orders 0001_count began"):
        first.run(only(folder))
    assert run_of(ssm).pending(migrations.find(stacks(folder))) == []


def test_migrations_are_in_the_order_of_their_numbers(folder: Path) -> None:
    for name in ("0010_last", "0002_second"):
        (folder / f"{name}.py").write_text(COUNTING, "utf-8")
    assert [one.name for one in migrations.find(stacks(folder))] == ["0001_count", "0002_second", "0010_last"]


@pytest.mark.parametrize("name", ["count", "1_count", "0001_again", "0002-dash"])
def test_a_file_without_a_number_of_its_own_is_refused(folder: Path, name: str) -> None:
    (folder / f"{name}.py").write_text(COUNTING, "utf-8")
    with pytest.raises(StacksError, match="needs a name of its own number"):
        migrations.find(stacks(folder))


@pytest.mark.parametrize("text", ["", "import nothing_like_this", "migrate ="])
def test_a_file_that_is_no_migration_is_named(folder: Path, ssm: FakeSsm, text: str) -> None:
    (folder / "0001_count.py").write_text(text, "utf-8")
    with pytest.raises(StacksError, match=r"0001_count\.py is no migration"):
        run_of(ssm).run(only(folder))


def test_one_of_a_service_without_data_counts_as_done_and_does_not_run(folder: Path, ssm: FakeSsm) -> None:
    run_of(ssm).adopt(only(folder))

    assert run_of(ssm).pending(migrations.find(stacks(folder))) == []
    assert not (folder / "pages").exists()
