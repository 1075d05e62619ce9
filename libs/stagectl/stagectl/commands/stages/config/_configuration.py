"""What the commands about a configuration begin with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stagectl import aws
from stagectl.checkout import Checkout, facts
from stagectl.commands import completion
from stagectl.configuration import models, place
from stagectl.configuration.stored import StoredConfiguration
from stagectl.people.audit import Audit
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.terminal import console, json_document

if TYPE_CHECKING:
    from service_kit.parameters import Config

Function = Annotated[
    str,
    typer.Argument(
        metavar="SERVICE/FUNCTION",
        help="Function that reads it.",
        autocompletion=completion.functions_of_services,
    ),
]


@dataclass(frozen=True)
class Configuration:
    """The configuration of a function of a stage, whose target has been entered.

    Attributes:
        function: `SERVICE/FUNCTION`.
        stage: The stage.
        declared: What the function's handler declares.
        stored: What SSM has.
    """

    function: str
    stage: Stage
    declared: "Config[Any]"
    stored: StoredConfiguration

    def record(self, does: str) -> None:
        """Record an action before it is done, so that who may not write the record changes nothing.

        Only auth's stack has that record. Elsewhere SSM's history tells who wrote which version.
        """
        if facts.IS_ADOPTED:
            return
        Audit.of_stage(self.stage.name).open().write(f"config {does} {self.function}")

    def say_written(self, number: int, *, as_json: bool) -> None:
        """Print that a version serves."""
        if as_json:
            console.result(json_document.text({"name": self.stored.name, "version": number}))
            return
        console.result(
            f"Version {number} of {self.stored.name} was written. Functions read it within a minute."
        )


def entered(raw_stage: str, function: str, *, emulator: bool) -> Configuration:
    """Select a stage, enter its target and return the configuration of one of its functions."""
    stage = lifecycle.find(Checkout.here(), raw_stage, use_emulator=emulator)
    declared, stack = models.of_function(stage.stacks, function)
    lifecycle.enter_deployed(stage)
    key = function.partition("/")[2]
    name = place.of_function(StackStates.of(stage.target), stage.name, stack, key)
    return Configuration(function, stage, declared, StoredConfiguration(aws.session().client("ssm"), name))
