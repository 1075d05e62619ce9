"""Bundle the scripts of pages, as packaging does."""

import os
from typing import Any

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.deployment import stack_inputs
from stagectl.watching.answering_program import AnsweringProgram


class BrowserBundles:
    """Bundles scripts with the program of packaging, which stays: esbuild's start takes longer than its work.

    Args:
        checkout: The checkout.
    """

    def __init__(self, checkout: Checkout) -> None:
        self._program = AnsweringProgram(
            ["node", str(checkout.browser_bundles)],
            folder=checkout.root,
            environment={"PATH": os.environ["PATH"]},
        )

    def faults(self, stack: Stack) -> list[str]:
        """Bundle the scripts of a service, and return what is wrong with them as `file:line: error`.

        With a fault, the scripts before stay.
        """
        bundle: Any = stack_inputs.bundle_of(stack, "browserBundle")
        if bundle is None:
            return []
        found: list[str] = self._program.ask({"service": str(stack.folder), "browserBundle": bundle})
        return found

    def close(self) -> None:
        """End the program."""
        self._program.close()
