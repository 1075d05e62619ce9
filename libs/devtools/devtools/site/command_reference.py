"""The reference of the command line, from its commands."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.main import get_command

from devtools.site.tables import table
from stagectl import cli

PAGE = "reference/stagectl.md"
_INTRODUCTION = """\
# stagectl

Made from the commands; `stagectl COMMAND --help` prints the same. `stagectl` is on the path after
`. .venv/bin/activate`, and `npm run stagectl -- …` does without.
"""


def page() -> str:
    """Return the page."""
    tree: Any = get_command(cli.app)
    context = typer.Context(tree, info_name="stagectl")
    return "\n".join([_INTRODUCTION, *_options(tree, context), *_commands(tree, context)])


def _commands(group: Any, context: typer.Context) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        inner = typer.Context(command, info_name=name, parent=context)
        yield f"## {inner.command_path}\n"
        yield f"{_with_examples_as_code(command.help or '')}\n"
        yield f"```text\n{inner.command_path} {' '.join(command.collect_usage_pieces(inner))}\n```\n"
        yield from _options(command, inner)
        if hasattr(command, "commands"):
            yield from _commands(command, inner)


def _options(command: Any, context: typer.Context) -> Iterator[str]:
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    rows = [(f"`{name.strip()}`", " ".join(text.split())) for name, text in filter(None, records)]
    if rows:
        yield from table(("option or argument", ""), rows)


def _with_examples_as_code(text: str) -> str:
    """Return a help text whose lines after `For example:` are shown as code."""
    described, heading, examples = text.partition("For example:")
    if not heading:
        return text
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    code = "\n".join(["```sh", *lines, "```"])
    return f"{described.rstrip()}\n\n{code}"
