"""The command `stagectl growth`."""

import json

import pytest
from typer.testing import CliRunner

from devtools.growth import report
from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.cli import app
from stagectl.costs import order_use


def test_growth_is_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution_policy, "compile_all", lambda *_: [])
    monkeypatch.setattr(report, "examine", lambda *_: [])

    result = CliRunner().invoke(app, ["growth", "--json"], catch_exceptions=False)

    measured_at = order_use.read(Checkout.of_this_file().order_measurements).measured_at
    assert json.loads(result.stdout) == {"stage": "prod", "measuredAt": measured_at, "rates": []}
