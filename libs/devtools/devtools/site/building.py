"""Build the site: collect its pages in an ignored folder, and let Zensical render them."""

import json
import re
from pathlib import Path
from threading import Thread

import watchfiles

from devtools import tool_environments
from devtools.site import api_reference, command_reference, kit_reference, navigation, pages
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

_BRANCH = "main"
_SETTINGS = Path(__file__).with_name("settings.yml")
MERMAID = Path("node_modules") / "@mermaid-js" / "tiny" / "dist" / "mermaid.tiny.js"
_SCRIPT = "assets/mermaid.js"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WATCHED = ("docs", "libs", "services", "shared-infra", "tests-e2e")


def build(checkout: Checkout, repository: str) -> Path:
    """Build the site, and return its folder.

    Raises:
        StagectlError: A link leads nowhere, or the build failed otherwise.
    """
    settings = _collect(checkout, repository)
    children = Children()
    ran = children.run(
        [*_zensical(checkout, children, "build", settings), "--clean", "--strict"], cwd=settings.parent
    )
    if ran.exit_code:
        said = _COLOUR.sub("", ran.output).partition("Traceback")[0].strip()
        raise StagectlError(f"The site was not built:\n{said}")
    return settings.parent / "site"


def serve(checkout: Checkout, repository: str, address: str) -> None:
    """Serve the site, and render pages again when their sources change, until Ctrl-C."""
    settings = _collect(checkout, repository)
    Thread(target=_collect_changes, args=(checkout, repository), daemon=True).start()
    children = Children()
    children.run(
        [*_zensical(checkout, children, "serve", settings), "--dev-addr", address],
        cwd=settings.parent,
        shown=True,
    )


def sources(checkout: Checkout, repository: str) -> dict[str, str]:
    """Return the text of every page of the site, by its path."""
    made = {
        command_reference.PAGE: command_reference.page(),
        kit_reference.PAGE: kit_reference.page(checkout.root),
        **api_reference.pages(checkout.root),
    }
    written = {
        path: (checkout.root / path).read_text(encoding="utf-8") for path in pages.found(checkout.root)
    }
    there = {*made, *written, *pages.other_files(checkout.root, written)}
    blob = f"{repository.rstrip('/')}/blob/{_BRANCH}"
    return {
        path: pages.on_site(text, path, checkout.root, on_site=there.__contains__, repository=blob)
        for path, text in (written | made).items()
    }


def _collect(checkout: Checkout, repository: str) -> Path:
    """Write what the site is rendered from, and return its settings."""
    script = checkout.root / MERMAID
    if not script.is_file():
        raise StagectlError(f"{checkout.shown(script)} is not there. Run `npm run setup`.")
    texts = sources(checkout, repository)
    folder = checkout.state / "docs"
    collected = folder / "pages"
    for path, text in texts.items():
        _write(collected / path, text.encode())
    copied = {path: checkout.root / path for path in pages.other_files(checkout.root, texts)}
    copied[_SCRIPT] = script
    for path, source in copied.items():
        _write(collected / path, source.read_bytes())
    for file in [file for file in collected.rglob("*") if file.is_file()]:
        if file.relative_to(collected).as_posix() not in texts.keys() | copied.keys():
            file.unlink()
    titles = {path: pages.title(text, path) for path, text in texts.items()}
    added = {
        "docs_dir": "pages",
        "site_dir": "site",
        "nav": navigation.of(titles),
        # Not as `repo_url`, of which pages ask GitHub how many stars it has.
        "extra": {"social": [{"icon": "fontawesome/brands/github", "link": repository}]},
    }
    # JSON is YAML.
    text = _SETTINGS.read_text(encoding="utf-8")
    text += "".join(f"{name}: {json.dumps(value)}\n" for name, value in added.items())
    settings = folder / "mkdocs.yml"
    _write(settings, text.encode())
    return settings


def _collect_changes(checkout: Checkout, repository: str) -> None:
    """Collect the pages again whenever a source changes."""
    folders = [checkout.root / folder for folder in _WATCHED]
    for _ in watchfiles.watch(*folders, watch_filter=_is_page):
        _collect(checkout, repository)


def _is_page(_change: watchfiles.Change, path: str) -> bool:
    return Path(path).suffix in {".md", ".json", ".svg", ".webp"}


def _zensical(checkout: Checkout, children: Children, command: str, settings: Path) -> list[str]:
    program = tool_environments.program(checkout, children, "docs_site", "zensical")
    return [program, command, "--config-file", str(settings)]


def _write(path: Path, content: bytes) -> None:
    """Write a file, unless it holds the content: a server renders what was written."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
