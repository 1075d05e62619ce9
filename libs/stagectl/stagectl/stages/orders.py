"""See and answer the orders of a stage, by the script that the service orders keeps for operators."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage
from stagectl.system.child_process import Children

ORDERS = "orders"
"""The service that keeps them, which not every product has."""
Action = Literal["accept", "reject"]


@dataclass(frozen=True)
class Orders:
    """The orders of a stage, whose target must have been entered."""

    checkout: Checkout
    stage: Stage

    def of_restaurant(self, name: str, state: str, cursor: str | None) -> Mapping[str, Any]:
        """Return a page of a restaurant's orders, as the service's own answer.

        Raises:
            StagectlError: They could not be read; the message says why.
        """
        return self._run("list", state, *(() if cursor is None else ("--cursor", cursor)), "--", name)

    def answer(self, order_id: str, action: Action) -> Mapping[str, Any]:
        """Answer an order, and return it as the service shows it.

        Raises:
            StagectlError: There is no such order, or it has another answer; the message says which.
        """
        return self._run(action, "--", order_id)

    def show(self, order_id: str) -> Mapping[str, Any] | None:
        """Return an order with its correlation id, as its events have it; None when there is none.

        Raises:
            StagectlError: It could not be read; the message says why.
        """
        if ORDERS not in self.stage.stacks:
            return None
        return self._run("show", "--", order_id) or None

    def _run(self, *arguments: str) -> Mapping[str, Any]:
        stack = self.stage.stacks[ORDERS]
        ran = Children().run(
            [str(self.checkout.python), str(stack.folder / "operate.py"), *arguments],
            cwd=self.checkout.root,
            environment={
                **self.stage.target.environment,
                "STAGE": self.stage.name,
                "POWERTOOLS_SERVICE_NAME": stack.name,
            },
        )
        if ran.exit_code != 0:
            raise StagectlError(ran.output.strip() or f"The script ended with code {ran.exit_code}.")
        answer: Mapping[str, Any] = json.loads(ran.output)
        return answer
