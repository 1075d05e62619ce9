from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, services
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage
from stagectl.stages.orders import Orders
from stagectl.targets.target import Target

Write = Callable[[str, str], Path]
ECHO = """
import json, os, sys
service = os.environ["POWERTOOLS_SERVICE_NAME"]
found = {"arguments": sys.argv[1:], "stage": os.environ["STAGE"], "service": service}
print(json.dumps(found))
"""


@pytest.fixture
def orders(checkout: Checkout, write: Write) -> Orders:
    write("services/orders/serverless.yml", "service: orders")
    target = Target("a test", {"PATH": "/bin"}, is_emulator=True)
    return Orders(checkout, Stage("dev", services.discover(checkout.root), target))


def test_the_services_script_answers_with_the_stage_in_its_environment(orders: Orders, write: Write) -> None:
    write("services/orders/operate.py", ECHO)

    assert orders.answer("--help", "accept") == {
        "arguments": ["accept", "--", "--help"],
        "stage": "dev",
        "service": "orders",
    }


@pytest.mark.parametrize(("cursor", "options"), [(None, []), ("abc", ["--cursor", "abc"])])
def test_a_page_begins_at_the_cursor(
    orders: Orders, write: Write, cursor: str | None, options: list[str]
) -> None:
    write("services/orders/operate.py", ECHO)

    page = orders.of_restaurant("Lil' Bits", "waiting", cursor)

    assert page["arguments"] == ["list", "waiting", *options, "--", "Lil' Bits"]


def test_the_reason_of_the_script_is_the_error(orders: Orders, write: Write) -> None:
    write("services/orders/operate.py", "raise SystemExit('This order is cancelled already.')")

    with pytest.raises(StagectlError, match=r"^This order is cancelled already\.$"):
        orders.answer("1", "accept")


def test_a_script_that_ends_without_a_reason_is_an_error(orders: Orders, write: Write) -> None:
    write("services/orders/operate.py", "raise SystemExit(3)")

    with pytest.raises(StagectlError, match="code 3"):
        orders.answer("1", "accept")


def test_a_stage_without_orders_has_none_of_any_id(checkout: Checkout) -> None:
    target = Target("a test", {"PATH": "/bin"}, is_emulator=True)

    assert Orders(checkout, Stage("dev", {}, target)).show("1") is None
