import re

import pytest

from stagectl.checkout import Checkout, services
from stagectl.errors import StageNameError
from stagectl.targets import preview_name, stage_name


@pytest.mark.parametrize(
    "branch",
    [
        "main",
        "feature/new-menu",
        "Feature/New-Menu",
        "grüße/🍕",
        "x" * 200,
        "-",
        "7-things",
        "preview-x",
        "a--b",
        "a.b",
    ],
)
def test_any_branch_gets_a_name_that_aws_takes(branch: str) -> None:
    name = preview_name.of_branch(branch)

    assert name.startswith("preview-")
    assert len(name) <= preview_name.MAX_LENGTH
    stage_name.check(name, services.discover(Checkout.of_this_file().root).values())


def test_branches_that_look_alike_have_stages_of_their_own() -> None:
    alike = ["a/b", "a-b", "A-b", "a_b", "a--b", "preview-a-b", "x" * 200, "x" * 199, "ä-b", "refs/heads/a-b"]

    assert len({preview_name.of_branch(branch) for branch in alike}) == len(alike)


def test_a_branch_that_is_called_like_anothers_stage_does_not_get_it() -> None:
    stage = preview_name.of_branch("feature/menu")
    namesake = stage.removeprefix(preview_name.PREFIX)

    assert preview_name.of_branch(namesake) != stage


@pytest.mark.parametrize(
    "branch", ["fix/$(reboot)", "`reboot`", "a;reboot", "a|b&&c", "--help", "-x", "a'b\"c", "x\\y", "*?[~^:"]
)
def test_nothing_of_a_hostile_name_but_words_is_left(branch: str) -> None:
    assert re.fullmatch(r"preview-[a-z0-9]+(-[a-z0-9]+)*", preview_name.of_branch(branch))


def test_a_plain_branch_is_recognised_in_its_stage() -> None:
    assert preview_name.of_branch("menu") == "preview-menu"


def test_a_branch_without_a_name_is_refused() -> None:
    with pytest.raises(StageNameError):
        preview_name.of_branch(" ")
