"""Templates are compiled once for what they are made from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.execution_policy import compile_all

Write = Callable[[str, str], Path]

# Notes what it compiles, and makes a template that names the folder.
FAKE_SLS = """#!/bin/sh
echo "$(basename "$PWD") $*" >> "$(dirname "$0")/journal"
mkdir -p .serverless
cd .serverless
echo "{\\"Resources\\": {\\"$(basename "$OLDPWD")\\": {}}}" > cloudformation-template-update-stack.json
"""


@pytest.fixture
def journal(checkout: Checkout, write: Write) -> Path:
    checkout.sls.unlink(missing_ok=True)
    write(str(checkout.sls.relative_to(checkout.root)), FAKE_SLS).chmod(0o755)
    write("services/orders/serverless.yml", "service: orders\n")
    write("shared-infra/edge/serverless.yml", "service: edge\n")
    return checkout.sls.parent / "journal"


def compiled(checkout: Checkout, journal: Path, stage: str = "prod", *arguments: str) -> list[str]:
    """Compile all, and return the folders that sls was called in."""
    journal.write_text("")
    names = {
        template.stack: set(template.document["Resources"])
        for template in compile_all(checkout, stage, *arguments)
    }
    assert names == {"shared-infra": {"shared-infra"}, "orders": {"orders"}, "edge": {"edge"}}
    return sorted(line.split()[0] for line in journal.read_text().splitlines())


def test_what_has_not_changed_is_not_compiled_again(checkout: Checkout, journal: Path, write: Write) -> None:
    assert compiled(checkout, journal) == ["edge", "orders", "shared-infra"]
    # An opt-in stack is made from others too, so it is always compiled.
    assert compiled(checkout, journal) == ["edge"]

    write("services/orders/resources/table.yml", "Resources: {}\n")
    assert compiled(checkout, journal) == ["edge", "orders"]
    write("shared-infra/account/execution-policy.json", "{}")
    assert compiled(checkout, journal) == ["edge"]
    write("shared-infra/defaults.yml", "a: 1\n")
    assert compiled(checkout, journal) == ["edge", "orders", "shared-infra"]


def test_another_stage_and_another_parameter_are_another_template(checkout: Checkout, journal: Path) -> None:
    compiled(checkout, journal)
    assert "orders" in compiled(checkout, journal, "preview-x")
    assert "orders" in compiled(checkout, journal, "prod", "--param", "snapStart=true")
    assert "orders" not in compiled(checkout, journal, "prod", "--param", "snapStart=true")
