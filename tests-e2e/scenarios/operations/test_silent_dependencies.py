"""What customers are answered while a service that a function needs accepts connections and says nothing."""

import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import when
from steps.shop.catalogue import A_RESTAURANT
from support.stage import Stage

pytestmark = [pytest.mark.about("orders"), pytest.mark.http_only, pytest.mark.emulator_only]

SILENT = {
    "get-order": "AWS_ENDPOINT_URL_DYNAMODB",
    "list-orders": "AWS_ENDPOINT_URL_DYNAMODB",
    "place-order": "AWS_ENDPOINT_URL_SSM",
}


@contextmanager
def a_silent_service(stage: Stage, function: str, variable: str) -> Iterator[None]:
    """Let a function's calls of an AWS service go unanswered for a block."""
    name = stage.name_on_stage("orders", function)
    variables = stage.environment("orders", function)
    # The system accepts connections to it, but no program reads from them.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        stage.lambda_.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables | {variable: url}}
        )
        try:
            yield
        finally:
            stage.lambda_.update_function_configuration(
                FunctionName=name, Environment={"Variables": variables}
            )


@pytest.mark.parametrize("function", SILENT)
def test_an_endpoint_answers_within_its_timeout(
    driver: Driver, stage: Stage, customer: User, function: str
) -> None:
    with a_silent_service(stage, function, SILENT[function]):
        if function == "get-order":
            answer = when.a_user_gets_an_order(driver, customer.id_token, str(uuid.uuid4()))
        elif function == "list-orders":
            answer = when.a_user_lists_orders(driver, customer.id_token)
        else:
            answer = when.a_customer_orders_from(driver, customer, A_RESTAURANT)

    # Past its timeout it would be ended, and API Gateway would answer 502 or 504 in its place.
    assert answer.status == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
