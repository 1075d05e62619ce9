"""The pages of the site, where they are in the checkout, with links that work on the site."""

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

_README = "README.md"
_FOLDERS_OF_READMES = {"libs", "services", "shared-infra", "tests-e2e"}
LEFT_OUT = {"node_modules", ".serverless", "without_examples"}
_FENCE = re.compile(r"^\s*(```|~~~)")
_PICTURE = re.compile(r"!\[[^\]]*\]\((?!\w+:)([^)\s]+)\)")
_LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)\s#]+)(#[^)\s]*)?(?=\))")


def found(root: Path) -> list[str]:
    """Return the paths of all pages, relative to the root, in order."""
    pages = []
    # Not by a glob, which fails when a package step beside it removes what it looks into.
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in LEFT_OUT and not name.startswith(".")]
        relative = PurePosixPath(_relative(Path(folder), root))
        top = relative.parts[0] if relative.parts else ""
        pages += [
            str(relative / name)
            for name in files
            if (top in {"", "docs"} and name.endswith(".md"))
            or (top in _FOLDERS_OF_READMES and name == _README)
        ]
    return sorted(pages)


def other_files(root: Path, texts: Mapping[str, str]) -> list[str]:
    """Return the paths of the other files of the site: those of `docs/`, and pictures that pages show."""
    files = {path for path in (root / "docs").rglob("*") if path.is_file() and path.suffix != ".md"}
    for page, text in texts.items():
        files |= {(root / page).parent / target for target in _PICTURE.findall(text)}
    return sorted({posixpath.normpath(_relative(path, root)) for path in files})


def title(text: str, path: str) -> str:
    """Return the title of a page: its first heading, without marks."""
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    return re.sub(r"[`*]", "", heading.group(1)) if heading else PurePosixPath(path).stem


def on_site(text: str, path: str, root: Path, *, on_site: Callable[[str], bool], repository: str) -> str:
    """Return the text of a page with its links to folders and to sources changed for the site.

    A link to a folder leads to its README; one to a file that the site does not have, to the repository.

    Args:
        text: The page.
        path: Its path relative to the root.
        root: Root of the checkout.
        on_site: Whether the site has a path.
        repository: The repository's URL up to a file's path, such as `https://…/blob/main`.
    """

    def changed(match: re.Match[str]) -> str:
        target, anchor = match.group(1), match.group(2) or ""
        leads_to = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if on_site(leads_to):
            return target + anchor
        readme = posixpath.join(leads_to, _README)
        if on_site(readme):
            return posixpath.relpath(readme, posixpath.dirname(path) or ".") + anchor
        if not (root / leads_to).exists():
            return target + anchor  # the build reports it
        return f"{repository}/{leads_to}{anchor}"

    return "".join(
        line if in_code else _LINK.sub(changed, line) for line, in_code in _with_whether_in_code(text)
    )


def _with_whether_in_code(text: str) -> Iterator[tuple[str, bool]]:
    in_code = False
    for line in text.splitlines(keepends=True):
        if _FENCE.match(line):
            in_code = not in_code
        yield line, in_code


def _relative(path: Path, root: Path) -> str:
    return str(path.relative_to(root)).replace(os.sep, "/")
