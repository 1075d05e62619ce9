import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, changed_files, services
from stagectl.errors import UsageError

Write = Callable[[str, str], Path]


def git(root: Path, *arguments: str) -> None:
    author = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    subprocess.run(["git", *author, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--message", "a change")


@pytest.fixture
def history(checkout: Checkout, write: Write) -> Checkout:
    """A checkout whose first commit has the tag `base`."""
    for service in ("orders", "restaurants"):
        write(f"services/{service}/serverless.yml", f"service: {service}")
    git(checkout.root, "init", "--quiet")
    commit(checkout.root)
    git(checkout.root, "tag", "base")
    return checkout


def changed(checkout: Checkout) -> dict[str, tuple[str, ...]]:
    return changed_files.by_stack(checkout, services.discover(checkout.root), "base")


def test_nothing_has_changed_at_first(history: Checkout) -> None:
    assert set(changed(history).values()) == {()}


def test_a_services_file_changes_that_service_alone(history: Checkout, write: Write) -> None:
    path = "services/orders/an order's \u00fcbersicht.py"
    write(path, "")
    commit(history.root)

    assert changed(history) == {"orders": (path,), "restaurants": (), "shared-infra": ()}


@pytest.mark.parametrize(
    "path",
    [
        "libs/service_kit/x.py",
        "libs/serverless_plugins/x.cjs",
        "shared-infra/params.yml",
        "package-lock.json",
    ],
)
def test_what_all_stacks_have_in_them_changes_all(history: Checkout, write: Write, path: str) -> None:
    write(path, "")
    commit(history.root)

    assert set(changed(history).values()) == {(path,)}


@pytest.mark.parametrize(
    "path", ["README.md", "libs/stagectl/x.py", "tests-e2e/x.py", "services/orders-notes.md"]
)
def test_what_no_stack_has_in_it_changes_none(history: Checkout, write: Write, path: str) -> None:
    write(path, "")
    commit(history.root)

    assert set(changed(history).values()) == {()}


def test_a_services_own_files_come_first(history: Checkout, write: Write) -> None:
    write("libs/service_kit/x.py", "")
    write("services/orders/x.py", "")
    commit(history.root)

    assert changed(history)["orders"] == ("services/orders/x.py", "libs/service_kit/x.py")


def test_an_unknown_commit_is_said(history: Checkout) -> None:
    with pytest.raises(UsageError, match="git cannot compare with nowhere"):
        changed_files.by_stack(history, {}, "nowhere")


def test_a_file_that_git_does_not_have_yet_counts(history: Checkout, write: Write) -> None:
    write("services/orders/new.py", "")

    assert changed(history)["orders"] == ("services/orders/new.py",)


def test_an_ignored_file_does_not_count(history: Checkout, write: Write) -> None:
    write(".gitignore", "*.pyc")
    write("services/orders/new.pyc", "")

    assert changed(history)["orders"] == ()
