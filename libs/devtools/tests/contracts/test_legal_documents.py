"""Versions of legal documents: what is one, that a published one stays, and how a change reads."""

import json
from pathlib import Path

import pytest

from devtools.contracts import legal
from stagectl.errors import StacksError

VERSION = "---\ndate: {date}\nchange: {change}\nacceptance: {acceptance}\n---\n# Terms\n\n{text}\n"


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """The folder of a service with one document in one version."""
    folder = tmp_path / "web"
    (folder / "legal" / "terms").mkdir(parents=True)
    write(folder, 1)
    return folder


def write(
    folder: Path,
    number: int,
    text: str = "You pay.",
    *,
    date: str = "2026-11-28",
    change: str = "First version.",
    acceptance: str = "required",
) -> None:
    content = VERSION.format(date=date, change=change, acceptance=acceptance, text=text)
    (folder / "legal" / "terms" / f"{number}.md").write_text(content, "utf-8")


def generate(folder: Path) -> None:
    for path, text in legal.generate(folder).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def rendered(folder: Path) -> list[dict[str, object]]:
    generate(folder)
    versions: list[dict[str, object]] = json.loads((folder / "web" / "legal.json").read_text())["terms"][
        "versions"
    ]
    return versions


def test_a_version_is_rendered_with_its_date_and_its_change(service: Path) -> None:
    [version] = rendered(service)
    assert version == {
        "date": "2026-11-28",
        "change": "First version.",
        "needsAcceptance": True,
        "html": "<h1>Terms</h1>\n<p>You pay.</p>\n",
        "changes": "",
    }


def test_html_in_a_document_shows_as_text(service: Path) -> None:
    write(service, 1, "<script>alert(1)</script>\n\n[a](javascript:alert)")
    html = str(rendered(service)[0]["html"])
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_published_version_that_is_changed_fails_and_the_error_says_what_to_do(service: Path) -> None:
    generate(service)
    write(service, 1, "You pay twice.")
    with pytest.raises(StacksError, match=r"terms/1\.md is published and was changed.*as terms/2\.md"):
        legal.generate(service)


def test_a_draft_may_change_and_publishes_nothing(service: Path) -> None:
    legal.draft(service)
    write(service, 1, "You pay twice.")

    assert "You pay twice." in legal.draft(service)[service / "web" / "legal.json"]
    assert not (service / legal.LOCK).exists()


@pytest.mark.parametrize(
    "change", [{"date": "2026-11-29"}, {"change": "Other."}, {"acceptance": "not required"}]
)
def test_the_date_and_the_change_of_a_published_version_stay_too(
    service: Path, change: dict[str, str]
) -> None:
    generate(service)
    write(service, 1, **change)
    with pytest.raises(StacksError, match="is published"):
        legal.generate(service)


def test_a_published_version_that_is_removed_fails(service: Path) -> None:
    generate(service)
    (service / "legal" / "terms" / "1.md").unlink()
    with pytest.raises(StacksError, match="is published and was changed or removed"):
        legal.generate(service)


def test_a_new_version_leaves_the_hashes_of_earlier_ones(service: Path) -> None:
    generate(service)
    before = json.loads((service / legal.LOCK).read_text())
    write(service, 2, "You pay later.", change="Later.")
    generate(service)
    after = json.loads((service / legal.LOCK).read_text())
    assert after.keys() - before.keys() == {"terms/2"}
    assert after["terms/1"] == before["terms/1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"change": ""},
        {"date": "soon"},
        {"acceptance": "perhaps"},
    ],
)
def test_a_version_without_date_change_or_acceptance_is_refused(service: Path, wrong: dict[str, str]) -> None:
    write(service, 2, **wrong)
    with pytest.raises(StacksError, match=r"2\.md is no version"):
        legal.generate(service)


@pytest.mark.parametrize("content", ["# Terms\n", "---\ndate: 2026-11-28\n---\n# Terms\n", ""])
def test_a_file_without_front_matter_is_refused(service: Path, content: str) -> None:
    (service / "legal" / "terms" / "2.md").write_text(content, "utf-8")
    with pytest.raises(StacksError, match=r"2\.md is no version"):
        legal.generate(service)


def test_a_gap_between_numbers_is_refused(service: Path) -> None:
    write(service, 3)
    with pytest.raises(StacksError, match="without a gap"):
        legal.generate(service)


def test_an_earlier_date_than_the_version_before_is_refused(service: Path) -> None:
    write(service, 2, date="2026-01-01")
    with pytest.raises(StacksError, match="earlier date"):
        legal.generate(service)


def test_the_changes_name_words_below_their_heading_and_nothing_else() -> None:
    before = "# Terms\n\nYou order.\n\n## Price\n\nYou pay **at once**, or & never.\n\n- One.\n- Two.\n"
    after = before.replace("at once", "within <8> days").replace("- Two.", "- Two.\n- Three.")
    assert legal.changes(before, after).splitlines() == [
        "<h3>Price</h3>",
        "<p>You pay <del>at once, </del><ins>within &lt;8&gt; days, </ins>or &amp; never.</p>",
        "<h3>Price</h3>",
        "<p><ins>Three.</ins></p>",
    ]


def test_a_removed_paragraph_shows_as_removed() -> None:
    assert legal.changes("# T\n\n## A\n\nOne.\n\nTwo.\n", "# T\n\n## A\n\nOne.\n") == (
        "<h3>A</h3>\n<p><del>Two.</del></p>"
    )
