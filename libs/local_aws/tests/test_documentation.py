"""docs/emulator.md says what is applied, and every rule has its source and its tests."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
RULES = sorted(
    path for path in (TESTS.parent / "local_aws" / "rules").glob("*.py") if not path.name.startswith("_")
)
PAGE = TESTS.parents[2] / "docs" / "emulator.md"


def docstring(rule: Path) -> str:
    return ast.get_docstring(ast.parse(rule.read_text(encoding="utf-8"))) or ""


def row(rule: Path) -> str:
    place = "../libs/local_aws/local_aws/rules"
    return f"| [`{rule.stem}`]({place}/{rule.name}) | {docstring(rule).splitlines()[0]} |"


def test_the_page_lists_the_rules_that_are_applied() -> None:
    expected = "\n".join(map(row, RULES))

    assert expected in PAGE.read_text(encoding="utf-8"), f"Put these rows on {PAGE}:\n{expected}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_cites_the_documentation_of_aws(rule: Path) -> None:
    assert "https://docs.aws.amazon.com/" in docstring(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_has_tests_under_its_name_or_that_of_its_service(rule: Path) -> None:
    service = rule.stem.partition("_")[0]

    assert (TESTS / f"test_{rule.stem}.py").exists() or (TESTS / f"test_{service}.py").exists()
