import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from devtools.scaffolding import new_service
from stagectl.checkout import Checkout, services
from stagectl.errors import StacksError, UsageError

ROOT = Checkout.of_this_file().root
Write = Callable[[str, str], Path]
LOCK = "# uv pip compile -o services/{}/requirements.txt\npydantic==2\n"
REQUIREMENTS = (ROOT / "services" / "events" / "requirements.in").read_text(encoding="utf-8")


@pytest.fixture
def sibling(write: Write) -> None:
    """A service with the usual requirements and their lock."""
    write("services/auth/requirements.in", REQUIREMENTS)
    write("services/auth/requirements.txt", LOCK.format("auth"))


@pytest.mark.usefixtures("sibling")
def test_a_new_service_is_found_as_any_other(checkout: Checkout) -> None:
    folder = new_service.create(checkout.root, "payments")

    stack = services.discover(checkout.root)["payments"]
    assert stack.folder == folder
    assert stack.functions == ("get-status",)
    assert stack.publishes_url


@pytest.mark.usefixtures("sibling")
def test_its_lock_is_that_of_a_service_with_the_same_requirements_under_its_own_name(
    checkout: Checkout,
) -> None:
    folder = new_service.create(checkout.root, "payments")

    assert (folder / "requirements.txt").read_text() == LOCK.format("payments")


@pytest.mark.usefixtures("sibling")
def test_no_placeholder_stays(checkout: Checkout) -> None:
    folder = new_service.create(checkout.root, "payments")

    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [
        path for path in files if "NAME" in str(path.relative_to(folder)) or path.suffix == ".template"
    ]
    assert not [path for path in files if "<name>" in path.read_text()]


# With a dash, after `service_kit` in the alphabet, one letter, and as long as may be.
@pytest.mark.parametrize("name", ["gift-cards", "vouchers", "v2-x", "q", "q" * 20])
@pytest.mark.usefixtures("sibling")
def test_it_passes_its_tests_and_the_style_check_unchanged(checkout: Checkout, name: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", checkout.root)
    (checkout.root / "libs").symlink_to(ROOT / "libs")
    folder = new_service.create(checkout.root, name)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "libs" / "service_kit")]),
    }

    for command in (
        ["pytest", "-q", str(folder)],
        ["ruff", "check", "--no-cache", "services"],
        ["ruff", "format", "--check", "services"],
    ):
        completed = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=checkout.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert completed.returncode == 0, completed.stdout + completed.stderr


@pytest.mark.usefixtures("sibling")
def test_an_existing_folder_is_not_touched(checkout: Checkout) -> None:
    with pytest.raises(UsageError, match="services/auth already exists"):
        new_service.create(checkout.root, "auth")


def test_without_a_lock_to_copy_nothing_is_made(checkout: Checkout) -> None:
    with pytest.raises(StacksError, match="lock file"):
        new_service.create(checkout.root, "payments")
    assert not (checkout.root / "services" / "payments").exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Payments", "lower-case letters"),
        ("gift_cards", "lower-case letters"),
        ("gift--cards", "lower-case letters"),
        ("gift-", "lower-case letters"),
        ("-gift", "lower-case letters"),
        ("1pay", "lower-case letters"),
        ("zählung", "lower-case letters"),
        ("../orders", "lower-case letters"),
        ("gift cards", "lower-case letters"),
        ("", "lower-case letters"),
        ("class", "is a keyword or module of Python"),
        ("match", "is a keyword or module of Python"),
        ("json", "is a keyword or module of Python"),
        ("orders", "is taken"),
        ("pytest", "is taken"),
        ("service-kit", "is taken"),
        ("tests", "is taken"),
        ("bin", "is taken"),
        ("drivers", "is taken"),
        ("awsome", "AWS reserves"),
        ("ssmx", "AWS reserves"),
        ("p" * 21, "may have 20"),
        ("orders-archive", "cannot be told apart"),
        ("shared", "cannot be told apart"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        new_service.check_name(ROOT, name, taken=["shared-infra", "orders"])


@pytest.mark.parametrize("name", ["q", "gift-cards", "p2p", "ordersarchive", "p" * 20])
def test_a_fitting_name_is_allowed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever services this checkout has got meanwhile.
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    new_service.check_name(ROOT, name, taken=["shared-infra", "orders"])
