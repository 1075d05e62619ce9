"""Starting to wait for restaurants' answers."""

import json
from datetime import timedelta

import pytest
from botocore.stub import Stubber

from orders import wiring
from orders.handlers.await_answer import AnswerConfig, handle
from service_kit.parameters import override_parameters
from service_kit.testing import bus_event, deliver, queue_message

from .orders_fakes import FakeWaits

PATIENCE = timedelta(minutes=15)


def deliver_orders(*details: object) -> list[str]:
    messages = [
        queue_message(str(number), bus_event(detail, detail_type="order_placed"))
        for number, detail in enumerate(details, start=1)
    ]
    with override_parameters(handle, config=AnswerConfig(patienceSeconds=900)):
        return deliver(handle, *messages)


def test_each_new_order_is_waited_for(waits: FakeWaits) -> None:
    assert deliver_orders({"orderId": "1", "restaurantName": "Fangtasia"}, {"orderId": "2"}) == []
    assert waits.started == [("1", PATIENCE), ("2", PATIENCE)]


def test_an_event_that_names_no_order_holds_nobody_up(waits: FakeWaits) -> None:
    assert deliver_orders({"restaurantName": "Fangtasia"}, {"orderId": "2"}) == ["1"]
    assert waits.started == [("2", PATIENCE)]


@pytest.mark.parametrize("seconds", [0, 86_401])
def test_patience_has_its_bounds(seconds: int) -> None:
    with pytest.raises(ValueError, match="patienceSeconds"):
        AnswerConfig.model_validate_json(json.dumps({"patienceSeconds": seconds}))


def test_a_restaurant_has_a_quarter_of_an_hour_unless_configured_otherwise() -> None:
    assert AnswerConfig().patience_seconds == 900


def start_request() -> dict[str, str]:
    return {
        "stateMachineArn": "arn:aws:states:eu-central-1:123456789012:stateMachine:await-answer",
        "name": "1",
        "input": '{"orderId": "1", "patienceSeconds": 900}',
    }


def test_an_execution_is_named_by_its_order(step_functions: Stubber) -> None:
    started = {"executionArn": "arn:aws:states:eu-central-1:123456789012:execution:x:1", "startDate": 0}
    step_functions.add_response("start_execution", started, start_request())
    wiring.waits().start("1", patience=PATIENCE)


def test_an_order_is_waited_for_once(step_functions: Stubber) -> None:
    step_functions.add_client_error("start_execution", "ExecutionAlreadyExists")
    wiring.waits().start("1", patience=PATIENCE)


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "ThrottlingException"])
def test_waiting_that_cannot_be_ended_is_left_to_end_by_itself(step_functions: Stubber, code: str) -> None:
    step_functions.add_client_error("send_task_success", code)
    wiring.waiting().end("token")


def test_waiting_is_ended_by_its_token(step_functions: Stubber) -> None:
    step_functions.add_response("send_task_success", {}, {"taskToken": "token", "output": "{}"})
    wiring.waiting().end("token")


def test_its_configuration_is_its_own() -> None:
    assert handle.contract.parameters["config"].path == "/orders/test/await-answer/config"
