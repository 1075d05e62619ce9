"""The command line: its commands, its global options, and how errors become exit codes."""

import itertools
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from stagectl import __version__
from stagectl.aws import refusals
from stagectl.checkout import Checkout, facts
from stagectl.commands import analysis, delivery, machine, people, recovery, stages
from stagectl.errors import StagectlError
from stagectl.stages.orders import ORDERS
from stagectl.system import interrupts
from stagectl.terminal import console

INTERRUPTED = 130
EXTENSIONS = "stagectl.commands"
"""Entry-point group of packages that add commands: each entry is a function that takes the app."""

OF_THIS_PRODUCT = frozenset(
    {
        *("acceptance", "cost", "dev", "events", "migrate", "orders", "partners"),
        *("permissions", "release", "replay", "start", "trace", "tune", "users"),
    }
)
"""Commands that need services, events or conventions of this repository; others that adopt it lack them."""

OF_ORDERS = frozenset({ORDERS})
"""Commands that need the service `orders`, which a new product may not have."""

app = typer.Typer(
    name="stagectl",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Deploy, inspect, test, recover and remove the stages of Serverless Framework services.\n\n"
        "Without --stage, commands work on the stage `local`, on this machine; those that deploy, configure, "
        "migrate, release, roll back or remove a stage require it.\n\n"
        "Results go to standard output, progress to standard error. "
        "Exit codes: 0 done, 1 failed, 2 usage error, 3 different (diff --exit-code), 130 interrupted."
    ),
)
for _panel in (machine, stages, people, recovery, delivery, analysis):
    _panel.register(app)
_left_out = OF_THIS_PRODUCT if facts.IS_ADOPTED else OF_ORDERS - facts.SERVICES
app.registered_commands = [one for one in app.registered_commands if one.name not in _left_out]
app.registered_groups = [one for one in app.registered_groups if one.name not in _left_out]
for _extension in entry_points(group=EXTENSIONS):
    _extension.load()(app)


def _print_version(value: bool) -> None:
    if value:
        console.result(f"stagectl {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            metavar="NAME",
            help="AWS region.  \\[default: AWS_REGION, AWS_DEFAULT_REGION, or the profile's]",
        ),
    ] = None,
) -> None:
    """Apply the options that belong to no command."""
    if region:
        os.environ.update({"AWS_REGION": region, "AWS_DEFAULT_REGION": region})


def region_first(arguments: Sequence[str]) -> list[str]:
    """Return arguments with `--region NAME` moved before the command, where Typer accepts it."""
    own: list[str] = []
    others: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*own, *others, argument, *waiting]
        if argument == "--region":
            own += [argument, *itertools.islice(waiting, 1)]
        else:
            (own if argument.startswith("--region=") else others).append(argument)
    return [*own, *others]


def _is_of_our_state(error: OSError) -> bool:
    """Return whether an error concerns a file in a checkout's state folder."""
    file = error.filename
    return isinstance(file, str) and Checkout.STATE in Path(file).parts


def main() -> None:
    """Run the command that the arguments name and exit with its code."""
    interrupts.install()
    try:
        app(region_first(sys.argv[1:]))
    except StagectlError as error:
        console.say(str(error))
        sys.exit(error.exit_code)
    except OSError as error:
        if not _is_of_our_state(error):
            raise
        console.say(f"{error.filename}: {error.strerror}. Remove it or make it writable, then try again.")
        sys.exit(StagectlError.exit_code)
    except Exception as error:
        if not refusals.is_from_aws(error):
            raise
        console.say(f"AWS answered: {error}")
        sys.exit(StagectlError.exit_code)
    except SystemExit as leaving:
        # Typer turns the KeyboardInterrupt into this exit.
        if leaving.code == INTERRUPTED:
            console.say("Interrupted.")
        raise
