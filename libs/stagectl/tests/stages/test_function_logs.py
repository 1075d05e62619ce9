from pathlib import Path

import pytest

from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.stages import function_logs

ORDERS = Stack("orders", Path(), functions=("place-order", "get-order"))


def test_without_a_function_all_of_the_service_are_read() -> None:
    assert function_logs.choose_functions(ORDERS, None) == ("place-order", "get-order")


def test_an_unknown_function_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no function pay in orders\. Functions: place-order, get-order"):
        function_logs.choose_functions(ORDERS, "pay")


def test_a_stack_without_functions_has_no_logs() -> None:
    with pytest.raises(UsageError, match="has no functions"):
        function_logs.choose_functions(Stack("shared-infra", Path()), None)
