from pathlib import Path

import pytest

from stagectl.checkout.services import Stack
from stagectl.errors import StageNameError
from stagectl.targets import stage_name
from stagectl.targets.stage_name import normalise


@pytest.mark.parametrize("name", ["dev", "local", "prod", "pr-12", "a", "feature-new-menu"])
def test_a_valid_name_stays_as_it_is(name: str) -> None:
    assert normalise(name) == name


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("feature/New_Menu", "feature-new-menu"),
        ("fix//a--b", "fix-a-b"),
        ("Größe", "groe"),
        ("42-answers", "s42-answers"),
        ("-dash-", "dash"),
        ("日本語", "stage"),
        ("dependabot/npm_and_yarn/osls-4.3.1", "dependabot-npm-and-yarn-osls-4-3-1"),
    ],
)
def test_a_branch_name_becomes_its_words_and_a_hash(raw: str, words: str) -> None:
    made = normalise(raw)

    assert made.rpartition("-")[0] == words
    assert normalise(made) == made


def test_names_that_differ_only_in_what_is_lost_get_different_stages() -> None:
    raw = ["feature/x", "feature-X", "Feature/x", "feature_x", "feature--x"]

    assert len({normalise(name) for name in raw}) == len(raw)


def test_long_names_that_share_their_beginning_get_different_stages_within_the_length() -> None:
    made = {normalise("feature-" + "x" * 80 + end, max_length=20) for end in "ab"}

    assert len(made) == 2
    assert all(len(name) <= 20 for name in made)


def test_the_same_branch_always_gets_the_same_stage() -> None:
    assert normalise("Feature/X", 20) == normalise("Feature/X", 20)


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_name_is_refused(blank: str) -> None:
    with pytest.raises(StageNameError, match="needs a name"):
        normalise(blank)


def test_a_cut_leaves_no_dash_at_the_seam() -> None:
    assert "--" not in normalise("abcd-efgh/ijkl", max_length=12)


def stack(tmp_path: Path, *functions: str) -> Stack:
    return Stack("orders", tmp_path, functions=functions)


def test_the_longest_function_name_sets_the_limit(tmp_path: Path) -> None:
    stacks = [stack(tmp_path, "get-order", "place-a-very-long-order")]

    limit = stage_name.max_length(stacks)

    assert len(stage_name.name_on_stage("orders", "place-a-very-long-order", "s" * limit)) == 64
    stage_name.check("s" * limit, stacks)


def test_a_stage_name_over_the_limit_is_refused_with_the_name_that_breaks_it(tmp_path: Path) -> None:
    stacks = [stack(tmp_path, "get-order")]
    limit = stage_name.max_length(stacks)

    with pytest.raises(StageNameError) as raised:
        stage_name.check("s" * (limit + 1), stacks)

    assert f"orders-{'s' * (limit + 1)}-get-order, 65 characters where AWS allows 64" in str(raised.value)
    assert f"may have {limit} characters" in str(raised.value)


@pytest.mark.parametrize("bad", ["Dev", "1st", "a--b", "a-", "a_b", "a/b", ""])
def test_characters_that_aws_refuses_are_refused(bad: str, tmp_path: Path) -> None:
    with pytest.raises(StageNameError, match="cannot be a stage"):
        stage_name.check(bad, [stack(tmp_path)])


def test_no_room_for_any_name_is_said() -> None:
    with pytest.raises(StageNameError, match="No stage name fits"):
        normalise("feature", max_length=5)


@pytest.mark.parametrize("raw", ["dev-x", "staging-2", "prod-eu", "preview"])
def test_no_stage_looks_like_a_permanent_one_or_like_all_previews(raw: str) -> None:
    with pytest.raises(StageNameError, match="could not tell its resources from those of"):
        stage_name.check(raw, [])

    stage_name.check(normalise(raw), [])


@pytest.mark.parametrize("name", ["dev", "developer", "production", "preview-x", "previews"])
def test_a_name_that_only_begins_with_the_same_letters_is_fine(name: str) -> None:
    stage_name.check(name, [])
