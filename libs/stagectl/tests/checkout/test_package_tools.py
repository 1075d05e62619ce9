import os
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, package_tools
from stagectl.readiness import doctor
from stagectl.readiness.finding import Level

ROOT = Path(__file__).parents[4]


def test_the_tools_of_this_checkout_are_found() -> None:
    tools = package_tools.find(Checkout(ROOT), os.environ)
    assert tools is not None
    assert tools.runtime == "python3.13"
    assert tools.node.startswith("v")


def test_a_checkout_that_is_not_set_up_has_none(checkout: Checkout) -> None:
    assert package_tools.find(checkout, os.environ) is None


def test_the_doctor_names_the_way_to_an_interpreter_for_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    without = package_tools.PackageTools("python3.13", "v22.0.0", None)
    monkeypatch.setattr(package_tools, "find", lambda *_: without)
    findings = {finding.subject: finding for finding in doctor.examine(Checkout(ROOT), 59999)}
    assert findings["bytecode"].level is Level.WARN
    assert "uv python install 3.13" in findings["bytecode"].way_out
