from pathlib import Path

import pytest

from stagectl.readiness import operator_details
from stagectl.readiness.finding import Level


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "shared-infra").mkdir()
    return tmp_path


def declare(root: Path, **prod: str) -> None:
    lines = [f'  {name}: "{value}"' for name, value in prod.items()]
    (root / "shared-infra" / "params.yml").write_text("\n".join(["prod:", *lines, ""]), "utf-8")


def test_production_is_warned_of_each_detail_that_is_missing(root: Path) -> None:
    declare(root, operatorName="Ada Ltd", operatorEmail="")
    [finding] = operator_details.examine(root, "prod")
    assert finding.level is Level.WARN
    assert "operatorAddress, operatorEmail are not" in finding.text


def test_production_with_all_details_is_ready(root: Path) -> None:
    declare(root, operatorName="Ada Ltd", operatorEmail="a@example.com", operatorAddress="1 Street, Town")
    assert [finding.level for finding in operator_details.examine(root, "prod")] == [Level.OK]


def test_other_stages_may_show_what_is_missing(root: Path) -> None:
    declare(root)
    assert list(operator_details.examine(root, "dev")) == []
