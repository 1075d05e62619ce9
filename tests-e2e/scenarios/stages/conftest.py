"""A stage that several modules look at, until one takes it down."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from stagectl import aws
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.preview_life import inventory

from steps import small_stages
from steps.first_production import FIRST, stagectl
from support.stage import REPOSITORY, Stage


@pytest.fixture(scope="session")
def before(stage: Stage) -> frozenset[str]:
    """What the account holds without the stage."""
    return frozenset(inventory.take(aws.session()))


@pytest.fixture(scope="session")
def first(stage: Stage, before: frozenset[str]) -> Iterator[Stage]:
    """A stage with production's parameters, just made, on which no demo data was ever written."""
    parameters = load_mapping(REPOSITORY / "shared-infra" / "params.yml")["prod"]
    with small_stages.swept(stage, FIRST):
        # As YAML writes them: `true`, not `True`.
        given_alone = (
            f"--param={name}={json.dumps(value) if isinstance(value, bool) else value}"
            for name, value in parameters.items()
        )
        went_up = stagectl("up", "--no-seed", *given_alone)
        assert went_up.returncode == 0, went_up.stderr
        yield replace(stage, name=FIRST)
