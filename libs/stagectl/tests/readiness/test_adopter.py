from pathlib import Path
from types import SimpleNamespace

import pytest

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.errors import EmulatorError
from stagectl.readiness import doctor, quotas, stage_doctor
from stagectl.readiness.finding import Finding, Level
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets import target
from stagectl.targets.emulator import Emulator
from stagectl.targets.target import Target

PAGE = "docs/adopt-libraries.md"


@pytest.fixture
def adopter(tmp_path: Path) -> Checkout:
    """Another repository, in which nothing is installed."""
    table = '[tool.stagectl]\nproject = "notes"\nservices = ["*/serverless.yml"]\n'
    (tmp_path / "pyproject.toml").write_text(table)
    return Checkout(tmp_path)


def test_what_an_adopter_lacks_is_found_with_the_page_that_says_how(adopter: Checkout) -> None:
    found = {one.subject: one for one in doctor.examine(adopter, 59999)}

    assert found["sls"].level is Level.FAIL
    assert PAGE in (found["sls"].way_out or "")
    # A team may deploy to AWS only.
    assert found["emulator"].level is Level.WARN
    assert PAGE in (found["emulator"].way_out or "")
    # That of whoever runs stagectl.
    assert found["python"].level is Level.OK


def test_the_account_of_an_adopter_is_checked_without_the_mail_and_the_law_of_this_product(
    adopter: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [Finding(Level.OK, subject, "") for subject in ("roles", "mail")]
    monkeypatch.setattr(lifecycle, "enter", lambda _: None)
    monkeypatch.setattr(target, "account_id", lambda _: "1")
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=lambda _: None))
    monkeypatch.setattr(quotas, "examine", lambda *_: iter(said))
    monkeypatch.setenv("AWS_REGION", "eu-central-1")

    found = stage_doctor.examine(adopter, Stage("prod", {}, Target("AWS", {}, is_emulator=False)))

    assert [one.subject for one in found] == ["account", "access logs", "roles"]


def test_a_missing_emulator_names_the_page(adopter: Checkout) -> None:
    with pytest.raises(EmulatorError, match=PAGE):
        Emulator(adopter, 59999).start()


def test_an_adopter_runs_the_emulator_that_is_installed(adopter: Checkout) -> None:
    assert adopter.emulator_command == [str(adopter.emulator_python), "-m", "local_aws"]
