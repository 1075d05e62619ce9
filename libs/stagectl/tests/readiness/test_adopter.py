from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.errors import EmulatorError
from stagectl.readiness import doctor
from stagectl.readiness.finding import Level
from stagectl.targets.emulator import Emulator

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


def test_a_missing_emulator_names_the_page(adopter: Checkout) -> None:
    with pytest.raises(EmulatorError, match=PAGE):
        Emulator(adopter, 59999).start()


def test_an_adopter_runs_the_emulator_that_is_installed(adopter: Checkout) -> None:
    assert adopter.emulator_command == [str(adopter.emulator_python), "-m", "local_aws"]
