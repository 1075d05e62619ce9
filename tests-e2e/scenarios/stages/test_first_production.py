"""A first deployment like production's, without demo data, passes its checks."""

import pytest

from steps.first_production import stagectl
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(300)]


def test_it_passes_the_check_that_follows_a_deployment(first: Stage) -> None:
    checked = stagectl("smoke")

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "ok     200  GET" in checked.stdout  # only-with-example-services
