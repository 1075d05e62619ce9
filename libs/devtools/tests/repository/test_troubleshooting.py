"""The messages of docs/troubleshooting.md are those that tools print."""

import re

import pytest

from .conftest import ROOT

PAGE = ROOT / "docs" / "troubleshooting.md"
SOURCES = ("libs/*/*/**/*.py", "libs/devtools/bootstrap/*.mjs", "tests-e2e/**/*.py")
MESSAGES = re.findall(r"^\| `([^`]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def sources() -> str:
    """All programs that print, with literals of several lines joined."""
    paths = (path for pattern in SOURCES for path in ROOT.glob(pattern) if "tests" not in path.parts)
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return re.sub(r"[\"']\s*\+?\s*f?[\"']", "", "\n".join(texts))


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_in_a_program(message: str, sources: str) -> None:
    parts = [part.strip() for part in message.split("…") if part.strip()]

    assert parts
    assert [part for part in parts if part not in sources] == []
