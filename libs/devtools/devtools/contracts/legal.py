"""Render the legal documents of the service `web`, and hold that published versions stay as they are.

A version is a file `legal/DOCUMENT/NUMBER.md`: front matter with its date, what changed, and whether
customers have to accept it, then Markdown. No Lambda needs a library to render it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from html import escape
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from stagectl.errors import StacksError

FOLDER = "legal"
LOCK = f"{FOLDER}/published.json"
_PARTS = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<text>.*)", re.DOTALL)
_TITLE = re.compile(r"# (.+)\n")
_ACCEPTANCE = {"required": True, "not required": False}
# Raw HTML in a document shows as text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Version:
    """One version of a document.

    Attributes:
        number: Its number.
        published_on: The date that it shows.
        change: What changed, for readers.
        needs_acceptance: Whether customers have to accept it, whatever they accepted before.
        text: Its Markdown.
        sha256: Hash of its file.
    """

    number: int
    published_on: date
    change: str
    needs_acceptance: bool
    text: str
    sha256: str


def generate(folder: Path) -> dict[Path, str]:
    """Return the rendered documents of a service, and the hashes of their versions.

    Args:
        folder: The folder of the service.

    Raises:
        StacksError: A file is no version, or a published version was changed or removed.
    """
    documents = _documents(folder)
    hashes = {
        f"{name}/{version.number}": version.sha256
        for name, versions in documents.items()
        for version in versions
    }
    lock = folder / LOCK
    published: dict[str, str] = json.loads(lock.read_text("utf-8")) if lock.is_file() else {}
    for version, sha256 in published.items():
        if hashes.get(version) != sha256:
            name = version.partition("/")[0]
            raise StacksError(
                f"{folder.name}/{FOLDER}/{version}.md is published and was changed or removed. Restore it, "
                f"and write the change as {name}/{len(documents.get(name, ())) + 1}.md with a date and a "
                f"change-log entry. If it was never deployed, remove its line from {LOCK}."
            )
    return {lock: json.dumps(hashes, indent=2) + "\n"} | _rendered(folder, documents)


def draft(folder: Path) -> dict[Path, str]:
    """Return the rendered documents of a service while they are written: a version may change.

    Raises:
        StacksError: A file is no version.
    """
    return _rendered(folder, _documents(folder))


def _documents(folder: Path) -> dict[str, list[Version]]:
    return {path.name: _versions(path) for path in sorted((folder / FOLDER).iterdir()) if path.is_dir()}


def _rendered(folder: Path, documents: Mapping[str, list[Version]]) -> dict[Path, str]:
    rendered = {name: _document(versions) for name, versions in documents.items()}
    text = json.dumps(rendered, indent=1, ensure_ascii=False) + "\n"
    return {folder / folder.name / "legal.json": text}


def _versions(folder: Path) -> list[Version]:
    found = sorted((_version(path) for path in folder.glob("*.md")), key=lambda version: version.number)
    if [version.number for version in found] != list(range(1, len(found) + 1)):
        raise StacksError(f"{folder}: versions are numbered 1.md, 2.md and so on, without a gap.")
    dates = [version.published_on for version in found]
    if dates != sorted(dates):
        raise StacksError(f"{folder}: a version has an earlier date than the version before.")
    return found


def _version(path: Path) -> Version:
    content = path.read_text("utf-8")
    parts = _PARTS.fullmatch(content)
    head = yaml.safe_load(parts["head"]) if parts else None
    if (
        parts is None
        or not path.stem.isdecimal()
        or not isinstance(head, dict)
        or head.keys() != {"date", "change", "acceptance"}
        or not isinstance(head["date"], date)
        or not str(head["change"] or "").strip()
        or head["acceptance"] not in _ACCEPTANCE
        or not _TITLE.match(parts["text"])
    ):
        raise StacksError(
            f"{path} is no version of a legal document. It needs a number as its name; between --- lines a "
            "date, a change, and an acceptance: required or not required; then Markdown with a title."
        )
    return Version(
        number=int(path.stem),
        published_on=head["date"],
        change=str(head["change"]).strip(),
        needs_acceptance=_ACCEPTANCE[head["acceptance"]],
        text=parts["text"],
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )


def _document(versions: list[Version]) -> dict[str, Any]:
    title = _TITLE.match(versions[-1].text)
    return {
        "title": title[1] if title else "",
        "versions": [
            {
                "date": version.published_on.isoformat(),
                "change": version.change,
                "needsAcceptance": version.needs_acceptance,
                "html": _MARKDOWN.render(version.text),
                "changes": changes(before.text, version.text) if before else "",
            }
            for before, version in zip([None, *versions], versions, strict=False)
        ],
    }


def changes(before: str, after: str) -> str:
    """Return HTML with the paragraphs that differ, and in them the words that were removed and added.

    Each is preceded by the heading that it stands under.
    """
    old, new = (_blocks(text) for text in (before, after))
    parts: list[str] = []
    heading = ""
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            if heading:
                parts.append(f"<h3>{escape(heading)}</h3>")
            # Paragraphs that were changed in their place are compared word by word.
            for number in range(max(j - i, m - k)):
                removed = old[i + number] if i + number < j else ""
                added = new[k + number] if k + number < m else ""
                parts.append(f"<p>{''.join(_words(removed, added))}</p>")
        headings = [block for block in new[k:m] if block.startswith("#")]
        heading = headings[-1].lstrip("# ") if headings else heading
    return "\n".join(parts)


def _blocks(text: str) -> list[str]:
    """Return paragraphs, headings and items of lists, each on one line."""
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n(?=- )", text) if block.strip()]


def _words(before: str, after: str) -> Iterator[str]:
    old, new = (re.findall(r"\S+\s*", text.lstrip("#- ").replace("**", "")) for text in (before, after))
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = escape("".join(old[i:j])), escape("".join(new[k:m]))
        if kind == "equal":
            yield added
            continue
        if removed:
            yield f"<del>{removed}</del>"
        if added:
            yield f"<ins>{added}</ins>"
