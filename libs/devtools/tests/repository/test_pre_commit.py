"""The quick checks of a commit are those that the setup installs."""

import subprocess
from pathlib import Path

import pytest

from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT

CONFIGURATION = ROOT / ".pre-commit-config.yaml"
HOOKS = [hook for repo in load_mapping(CONFIGURATION)["repos"] for hook in repo["hooks"]]


def test_the_configuration_is_valid() -> None:
    program = Path(".venv") / "bin" / "pre-commit"
    subprocess.run([str(program), "validate-config", str(CONFIGURATION)], cwd=ROOT, check=True)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_what_the_setup_installs(hook: dict[str, str]) -> None:
    programs = [word for word in hook["entry"].split() if "/" in word]

    assert hook["language"] == "system"
    assert programs
    assert [program for program in programs if not (ROOT / program).exists()] == []


@pytest.mark.parametrize(
    "secret",
    ["AKIA" + "Z" * 16, "-----BEGIN RSA PRIVATE KEY-----", "ghp_" + "a1B2" * 9],
)
def test_a_secret_of_a_known_form_is_found(secret: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f'KEY = "{secret}"\n')
    hook = next(hook for hook in HOOKS if hook["id"] == "secrets")

    ran = subprocess.run([*hook["entry"].split(), str(file)], cwd=ROOT, capture_output=True, check=False)

    assert ran.returncode == 1
