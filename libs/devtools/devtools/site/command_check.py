"""Whether a command that a page shows exists, with its options, arguments and paths. Nothing is run."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from typer.main import get_command

from devtools.site.commands import Command
from stagectl import cli

# Programs that this repository does not bring, and words of the shell.
_OTHERS = {".", "export", "unset", "date", "mktemp", "gh", "git"}
_IN_ANOTHER_CHECKOUT = {"docs/adopt-libraries.md"}
_SLS_COMMANDS = {"deploy", "package"}
_SLS_OPTIONS = {"--stage", "--param"}
_NPM_OWN = {"ci", "install"}
_BOOTSTRAP = "libs/devtools/bootstrap.mjs"
_SETUP_ONLY = "--setup-only"
_AWS_GLOBAL = {"--query", "--output", "--region", "--profile"}
_AWS_OWN_OPTIONS = {("cloudfront", "create-invalidation"): {"--paths"}}
# Commands of the AWS CLI that are no operations of a service.
_AWS_CUSTOM = {("s3", "ls"), ("s3", "cp"), ("logs", "tail")}
_OPTION = re.compile(r"(?<![\w-])--[a-z-]+")
_BIN = ".venv/bin/"
_MODULES = ("tests-e2e", ".")


def complaint(command: Command, root: Path) -> str | None:
    """Return what is wrong with a command; None when nothing is."""
    program, *arguments = command.words
    name = Path(program).name if "/" in program else program
    if command.page in _IN_ANOTHER_CHECKOUT and name != "stagectl":
        found = None
    elif name in _RULES:
        found = next(_RULES[name](arguments, root), None)
    elif name in _OTHERS or (program.startswith(_BIN) and (root / program).exists()):
        found = None
    else:
        found = f"no rule says how to check {program}"
    return f"{command.page}: {command}: {found}" if found else None


def resolved(words: Sequence[str]) -> tuple[Any, tuple[str, ...], list[str]]:
    """Return the command or group of `stagectl` that words name, its path, and the words after it."""
    command: Any = _tree()
    path, rest = ["stagectl"], list(words)
    while rest and rest[0] in getattr(command, "commands", {}):
        path.append(rest.pop(0))
        command = command.commands[path[-1]]
    return command, tuple(path), rest


@cache
def _tree() -> Any:
    return get_command(cli.app)


def _stagectl(arguments: Sequence[str], _root: Path) -> Iterator[str]:
    command, path, rest = resolved(arguments)
    if hasattr(command, "commands"):
        yield f"{' '.join(path)} has no command {' '.join(rest[:1])}"
        return
    try:
        with command.make_context(" ".join(path), rest):
            pass
    # Of the copy of click inside of Typer, whose name is private.
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        yield error.format_message()


def mention_complaint(text: str) -> str | None:
    """Return what is wrong with a `stagectl …` in a sentence, which may leave out arguments."""
    command, path, rest = resolved(text.split()[1:])
    named = " ".join(path)
    if hasattr(command, "commands") and rest and re.fullmatch(r"[a-z][a-z-]+", rest[0]):
        return f"{named} has no command {rest[0]}"
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    unknown = sorted(set(_OPTION.findall(" ".join(rest))) - known - {"--help", "--region"})
    return f"{named} has no option {', '.join(unknown)}" if unknown else None


def _npm(arguments: Sequence[str], root: Path) -> Iterator[str]:
    script, *rest = arguments[1:] if arguments[0] == "run" else arguments
    scripts = json.loads((root / "package.json").read_text(encoding="utf-8"))["scripts"]
    if script in _NPM_OWN:
        return
    if script not in scripts:
        yield f"package.json has no script {script}"
        return
    called = re.fullmatch(rf"node {re.escape(_BOOTSTRAP)} ?(.*)", scripts[script])
    if called and not called[1].startswith(_SETUP_ONLY):
        yield from _stagectl([*called[1].split(), *(word for word in rest if word != "--")], root)


def _sls(arguments: Sequence[str], _root: Path) -> Iterator[str]:
    command, *options = arguments
    if command not in _SLS_COMMANDS:
        yield f"sls {command} is not known here"
    for option in options:
        if option.startswith("--") and option.partition("=")[0] not in _SLS_OPTIONS:
            yield f"sls has no option {option}"


def _pytest(arguments: Sequence[str], root: Path) -> Iterator[str]:
    for word in arguments:
        if "/" in word and not (root / word.partition("::")[0]).exists():
            yield f"{word} is not there"


def _python(arguments: Sequence[str], root: Path) -> Iterator[str]:
    module = Path(*arguments[1].split(".")) if arguments[:1] == ["-m"] else Path(arguments[0])
    places = [root / folder / module for folder in _MODULES]
    if not any(place.is_dir() or place.with_suffix(".py").is_file() for place in places):
        yield f"{module} is not there"


def _cd(arguments: Sequence[str], root: Path) -> Iterator[str]:
    (folder,) = arguments
    # What is outside of the checkout is on the reader's machine.
    if not folder.startswith(("/", "../")) and not (root / folder).is_dir():
        yield f"{folder} is not there"


def _pre_commit(_arguments: Sequence[str], root: Path) -> Iterator[str]:
    if not (root / ".pre-commit-config.yaml").is_file():
        yield "there is no .pre-commit-config.yaml"


def _aws(arguments: Sequence[str], _root: Path) -> Iterator[str]:
    """Compare with the models of AWS's API that botocore has."""
    service, operation, *words = arguments
    options = [word for word in words if word.startswith("--")]
    if (service, operation) in _AWS_CUSTOM:
        return
    try:
        model = _service_model(service)
    except UnknownServiceError:
        yield f"AWS has no service {service}"
        return
    named = {xform_name(one, "-"): one for one in model.operation_names}
    if operation not in named:
        yield f"{service} has no operation {operation}"
        return
    shape = model.operation_model(named[operation]).input_shape
    known = {f"--{xform_name(member, '-')}" for member in shape.members} if shape else set()
    for option in options:
        if option not in known | _AWS_GLOBAL | _AWS_OWN_OPTIONS.get((service, operation), set()):
            yield f"{service} {operation} has no option {option}"


@cache
def _service_model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


_RULES: dict[str, Callable[[Sequence[str], Path], Iterator[str]]] = {
    "stagectl": _stagectl,
    "npm": _npm,
    "sls": _sls,
    "pytest": _pytest,
    "python": _python,
    "cd": _cd,
    "pre-commit": _pre_commit,
    "aws": _aws,
}
