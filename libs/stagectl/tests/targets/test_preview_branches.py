"""Which branches have a preview without a pull request."""

import pytest
from typer.testing import CliRunner

from stagectl import cli
from stagectl.targets import preview_name
from stagectl.targets.preview_branches import fits


@pytest.mark.parametrize(
    ("branch", "patterns", "expected"),
    [
        ("demo", "demo", True),
        ("demo", "release/* demo", True),
        ("demo", "release/*\n  demo\n", True),
        ("demo2", "demo", False),
        ("a/demo", "demo", False),
        ("demo\nx", "demo*", True),
        ("release/1", "release/*", True),
        ("release/", "release/*", True),
        ("release/1/fix", "release/*", False),
        ("release/1/fix", "release/**", True),
        ("fix/release/1", "**/release/*", True),
        ("feature/menu", "*", False),
        ("feature/menu", "**", True),
        ("v1.2", "v1.*", True),
        ("v1x2", "v1.2", False),
        ("a+b", "a+b", True),
        ("feature/wip", "feature/* !feature/wip", False),
        ("feature/wip", "!feature/wip feature/*", True),
        ("feature/menu", "feature/* !feature/wip", True),
        ("anything", "!feature/wip", False),
        ("anything", "", False),
        ("anything", " ", False),
    ],
)
def test_patterns_fit_branches_as_githubs_filters_do(branch: str, patterns: str, *, expected: bool) -> None:
    assert fits(branch, patterns) is expected


@pytest.mark.parametrize(
    ("options", "is_named"),
    [
        ([], True),
        (["--only", "release/*"], True),
        (["--only", "demo"], False),
        (["--only", ""], False),
        (["--except", "release/*"], False),
        (["--except", "demo"], True),
        (["--only", "release/*", "--except", "release/2"], False),
    ],
)
def test_only_a_branch_that_patterns_choose_is_named(options: list[str], *, is_named: bool) -> None:
    printed = CliRunner().invoke(cli.app, ["stage-name", *options, "--", "release/2"])

    expected = preview_name.of_branch("release/2") + "\n" if is_named else ""
    assert (printed.exit_code, printed.stdout) == (0, expected)
