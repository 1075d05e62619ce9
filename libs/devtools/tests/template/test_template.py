"""Making templates, the answers that they take, and what an update brings."""

from pathlib import Path

import pytest

from devtools.template import checkout_files, making
from devtools.template.checkout_files import File
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError, UsageError

from .conftest import Write, commit_all, git, render, update

FILES = {"README.md": "# Big Mouth\n\nOne.\n\nTwo.\n\nThree.\n", "old.txt": "old\n"}
FIRST, SECOND = "2026.11.28.120000", "2026.11.29.080000"


@pytest.fixture
def product(tmp_path: Path, write: Write) -> Path:
    """A product from the first version of a small template, committed."""
    write(FILES, FIRST)
    made = render(tmp_path / "template", tmp_path / "product", product_name="Tiny Cinema")
    git(made, "init", "--quiet")
    commit_all(made)
    return made


def test_an_update_brings_what_is_new_and_keeps_what_the_product_changed(product: Path, write: Write) -> None:
    (product / "README.md").write_text((product / "README.md").read_text().replace("One.", "Ours."))
    commit_all(product)
    write({"README.md": FILES["README.md"].replace("Three.", "Big Mouth 3."), "new.txt": "big-mouth"}, SECOND)

    update(product)

    assert (product / "README.md").read_text() == "# Tiny Cinema\n\nOurs.\n\nTwo.\n\nTiny Cinema 3.\n"
    assert (product / "new.txt").read_text() == "tiny-cinema"
    assert not (product / "old.txt").exists()
    assert SECOND in (product / ".copier-answers.yml").read_text()


def test_each_version_is_a_tag_and_an_unchanged_one_is_not_written(tmp_path: Path, write: Write) -> None:
    assert write(FILES, FIRST)
    assert not write(FILES, SECOND)
    assert write({"other.txt": "other"}, SECOND)
    assert git(tmp_path / "template", "tag").split() == [FIRST, SECOND]


def test_a_version_that_exists_with_other_content_is_refused(write: Write) -> None:
    write(FILES, FIRST)

    with pytest.raises(StagectlError, match=f"has the tag {FIRST} already"):
        write({"other.txt": "other"}, FIRST)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "template").mkdir()
    (tmp_path / "template" / "mine.txt").write_text("mine")

    with pytest.raises(UsageError, match="holds something else"):
        making.write(Checkout.of_this_file(), tmp_path / "template", FIRST)
    assert [path.name for path in (tmp_path / "template").iterdir()] == ["mine.txt"]


def test_a_checkout_with_changes_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "changed.txt").write_text("changed")

    with pytest.raises(UsageError, match="not committed"):
        making.make(Checkout(tmp_path), tmp_path / "template")


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("a.txt", "Bigmouth", "spells the product's name Bigmouth"),
        ("a.txt", "Big\nMouth", "spells the product's name"),
        ("a.txt", "big-mouth <% x %>", "mark variables"),
        ("big_mouth.txt", "", "Rename it"),
    ],
)
def test_a_file_that_cannot_be_replaced_is_named(path: str, text: str, reason: str) -> None:
    with pytest.raises(StagectlError, match=reason) as raised:
        checkout_files.as_template({path: File(text.encode())})
    assert path in str(raised.value)


def test_lines_about_the_template_are_left_out() -> None:
    text = "one\ntemplate,  # not-in-new-products\ntwo\n"

    assert checkout_files.as_template({"a.py": File(text.encode())}) == {"a.py": File(b"one\ntwo\n")}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "capital letter first"),
        ("tiny cinema", "capital letter first"),
        ("Kaffee Müller", "letters A to Z"),
        ("1 Cinema", "capital letter first"),
        ("Tiny  Cinema", "single spaces"),
        ("Tiny-Cinema", "single spaces"),
        ("Cinema\n", "single spaces"),
        ("A Very Long Name Of A Product", "it may have 24"),
        ("Bigmouth", "Choose another"),
        ("Io", "needs 3 to 20"),
        ("Abcdefghijklmnopqrstu", "needs 3 to 20"),
        ("Orders", "cannot be told apart from orders"),
        ("Shared", "cannot be told apart from shared-infra"),
        ("Preview Land", "cannot be told apart from preview"),
        ("Stagectl", "cannot be told apart from stagectl"),
        ("Awsome", "AWS reserves"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(
    tmp_path: Path, questions: Path, name: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        render(questions, tmp_path / "product", product_name=name)
    assert not (tmp_path / "product" / "names.txt").exists()


@pytest.mark.parametrize(
    ("answer", "value", "reason"),
    [
        ("product_slug", "Tiny", "lower-case letters"),
        ("product_slug", "1x2", "a letter first"),
        ("product_slug", "x--y", "single dashes"),
        ("product_slug", "big-mouth", "Choose another"),
        ("github_owner", "-x", "GitHub's names"),
    ],
)
def test_another_answer_that_cannot_be_is_refused(
    tmp_path: Path, questions: Path, answer: str, value: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        render(questions, tmp_path / "product", product_name="Tiny Cinema", **{answer: value})


def test_a_slug_of_its_own_decides_the_other_names(tmp_path: Path, questions: Path) -> None:
    answers = {"product_name": "Cinema 2", "product_slug": "kino-2", "github_owner": "Ada"}

    made = render(questions, tmp_path / "product", **answers)

    assert (made / "names.txt").read_text() == "Cinema 2 kino-2 kino_2 Kino-2 Kino2 kino2 KINO2 @Ada/ops"
