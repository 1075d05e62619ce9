"""Add a service and endpoints to a copy of the checkout, and run the repository's tests there."""

import os

from devtools import copied_checkout
from stagectl.checkout import Checkout, services
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment

# A dash in its name, and after a dash what is no word of Python.
_SERVICE = "gift-cards"
_EXTENDED = "orders"
"""A service that gets one more endpoint, where there is this one."""


def passes(checkout: Checkout, children: Children) -> tuple[str, bool]:
    """Create a service and endpoints in a copy of the checkout, and return a report and whether all passed.

    The commands must succeed, lint must pass, and the tests of the repository, of the new service and of the
    extended one must pass, with nothing written by hand.
    """
    growth: list[tuple[str, ...]] = [("new-service", _SERVICE), ("new-endpoint", _SERVICE, "list-cards")]
    packages, tests = [f"services/{_SERVICE}/gift_cards"], [f"services/{_SERVICE}"]
    if _EXTENDED in services.discover(checkout.root):
        route = ("--method", "POST", "--path", "/orders/{orderId}/payment")
        growth.append(("new-endpoint", _EXTENDED, "pay-order", *route))
        packages.append("services/orders/orders")
        # A new endpoint changes nothing of a table, and these take as long as all others of the service.
        tests += ["services/orders", "--ignore=services/orders/tests/test_orders_in_a_table.py"]
    with copied_checkout.of(checkout) as copy:
        python = str(copy.python)
        commands = [
            *([python, "-m", "stagectl", *arguments] for arguments in growth),
            [python, "-m", "ruff", "check", "--quiet", "."],
            [python, "-m", "ruff", "format", "--check", "--quiet", "."],
            [python, "-m", "yamllint", "--strict", "services"],
            [python, "-m", "mypy", "--no-error-summary", *packages],
            [python, "-m", "pytest", "-q", *tests, "libs/devtools/tests/repository"],
        ]
        report = ""
        for command in commands:
            environment = {
                **emulator_environment.without_aws(),
                "MYPYPATH": os.pathsep.join(copied_checkout.source_folders(copy)),
            }
            ran = children.run(command, cwd=copy.root, environment=environment)
            report += f"  {' '.join(command[2:])} … {ran.seconds:.1f} s\n"
            if ran.exit_code:
                return report + ran.output, False
        return report, True
