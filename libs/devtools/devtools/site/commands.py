"""The commands that pages show, in their blocks of code for a shell."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from devtools.site import pages
from stagectl.checkout.yaml_loader import load_mapping

_BLOCK = re.compile(r"^( *)```(?:sh|bash)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_ANY_BLOCK = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
_MENTION = re.compile(r"`(?:npx |npm run )?(stagectl [^`]+)`")
_NOT_RUN = Path(__file__).with_name("not_run.yml")
_RECORDS = "docs/decisions/"
_SUBSTITUTION = re.compile(r"\$\(((?:[^()'\"]|'[^']*'|\"[^\"]*\")*)\)")
_VARIABLE = re.compile(r"(\w+)=(.*)", re.DOTALL)
_BETWEEN = set("();|&")
_SUBSTITUTED = "SUBSTITUTED"


@dataclass(frozen=True)
class Command:
    """One command of a page.

    Attributes:
        page: Path of the page, relative to the root.
        words: Program and arguments, without quotes.
        variables: What is set for it alone, or by it.
    """

    page: str
    words: tuple[str, ...]
    variables: Mapping[str, str]

    def __str__(self) -> str:
        """Return it as a line."""
        return " ".join(self.words)


def shown(root: Path) -> list[Command]:
    """Return the commands of all pages, in order, but for records of decisions, which are of their day."""
    return [command for page, text in _pages(root) for command in in_page(text, page)]


def mentioned(root: Path) -> list[tuple[str, str]]:
    """Return page and text of every `stagectl …` in a sentence, likewise."""
    return [
        (page, text)
        for page, content in _pages(root)
        for text in _MENTION.findall(_ANY_BLOCK.sub("", content))
    ]


def _pages(root: Path) -> Iterator[tuple[str, str]]:
    for page in pages.found(root):
        if not page.startswith(_RECORDS):
            yield page, (root / page).read_text(encoding="utf-8")


def in_page(text: str, page: str) -> Iterator[Command]:
    """Yield the commands of a page.

    Raises:
        ValueError: A quote or a substitution is not closed.
    """
    for _, block in _BLOCK.findall(text):
        for line in _logical_lines(block):
            yield from _commands(line, page)


def _logical_lines(block: str) -> Iterator[str]:
    """Yield the lines of a block; what a backslash or a quote continues is one."""
    waiting = ""
    for line in block.splitlines():
        if line.endswith("\\"):
            waiting += line[:-1]
            continue
        waiting += f"{line}\n"
        try:
            shlex.split(waiting, comments=True)
        except ValueError:
            continue
        yield waiting
        waiting = ""
    if waiting:
        raise ValueError(f"A quote is not closed: {waiting}")


def _commands(line: str, page: str) -> Iterator[Command]:
    for inner in _SUBSTITUTION.findall(line):
        yield from _commands(inner, page)
    lexer = shlex.shlex(_SUBSTITUTION.sub(_SUBSTITUTED, line), posix=True, punctuation_chars="();|&")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= _BETWEEN and word:
            yield from _command(words, page)
            words = []
        else:
            words.append(word)


def _command(words: list[str], page: str) -> Iterator[Command]:
    variables: dict[str, str] = {}
    while words and (match := _VARIABLE.fullmatch(words[0])):
        variables[match[1]] = match[2]
        words = words[1:]
    if words:
        yield Command(page, tuple(words), variables)


def not_run() -> dict[str, str]:
    """Return why commands are not run on a stage, by how these begin."""
    reasons: dict[str, str] = load_mapping(_NOT_RUN)
    return reasons


def runnable(root: Path) -> list[tuple[str, ...]]:
    """Return the commands that a test runs on a stage, each once, in order."""
    beginnings = tuple(not_run())
    words = [
        tuple(word for word in command.words if word != "--follow")
        for command in shown(root)
        if not str(command).startswith(beginnings)
    ]
    return list(dict.fromkeys(words))
