from datetime import timedelta
from pathlib import Path

import pytest

from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.stages import function_logs

ORDERS = Stack("orders", Path(), functions=("place-order", "get-order"))


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
    ],
)
def test_an_age_has_a_unit(text: str, age: timedelta) -> None:
    assert function_logs.parse_age(text) == age


@pytest.mark.parametrize("text", ["", "10", "m", "1w", "-1h", "1.5h"])
def test_anything_else_is_no_age(text: str) -> None:
    with pytest.raises(UsageError, match="30s, 10m, 2h or 1d"):
        function_logs.parse_age(text)


def test_without_a_function_all_of_the_service_are_read() -> None:
    assert function_logs.choose_functions(ORDERS, None) == ("place-order", "get-order")


def test_an_unknown_function_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no function pay\. It has: place-order, get-order"):
        function_logs.choose_functions(ORDERS, "pay")


def test_a_stack_without_functions_has_no_logs() -> None:
    with pytest.raises(UsageError, match="has no functions"):
        function_logs.choose_functions(Stack("shared-infra", Path()), None)
