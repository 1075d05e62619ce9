import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.deployment.deploy import DeploymentPlan
from stagectl.deployment.deployed_before import DeployedBefore
from stagectl.deployment.stack_inputs import StackInputs
from stagectl.stacks.stack_reader import StackReader
from stagectl.targets.target import Target

Write = Callable[[str, str], Path]

TEMPLATE = {
    "Parameters": {
        "BusName": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shared-infra/dev/bus"}
    },
    "Resources": {"A": {"Url": "{{resolve:ssm:/auth/dev/url:1}}"}},
}


@dataclass
class Account:
    """The little of an account that is looked at: stacks and parameters."""

    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    unreachable: bool = False

    def deploy(
        self, name: str, *, at: datetime | None = None, stack_id: str = "id-1", expires: str = ""
    ) -> None:
        now = at or datetime(2026, 1, 1, tzinfo=UTC)
        self.stacks[name] = {
            "StackId": stack_id,
            "StackName": name,
            "StackStatus": "UPDATE_COMPLETE",
            "CreationTime": now,
            "LastUpdatedTime": now,
            "Tags": [{"Key": "expires-at", "Value": expires}] if expires else [],
        }

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if StackName not in self.stacks:
            raise ClientError(
                {"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks"
            )
        return {"Stacks": [self.stacks[StackName]]}

    def get_parameter(self, *, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if self.unreachable:
            raise EndpointConnectionError(endpoint_url="https://ssm")
        if Name not in self.parameters:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": self.parameters[Name]}}


@pytest.fixture
def account() -> Account:
    return Account(parameters={"/shared-infra/dev/bus": "bus", "/auth/dev/url": "https://a"})


@pytest.fixture
def orders(checkout: Checkout, write: Write) -> Stack:
    write("services/orders/serverless.yml", "service: orders\nfunctions: {place-order: {}}")
    write("services/orders/.serverless/cloudformation-template-update-stack.json", json.dumps(TEMPLATE))
    return services.discover(checkout.root)["orders"]


def records(checkout: Checkout, account: Account, *, tags: Mapping[str, str] | None = None) -> DeployedBefore:
    plan = DeploymentPlan(
        stage="dev", stacks={}, target=Target("a test", {}, is_emulator=True), tags=tags or {}
    )
    inputs = StackInputs(checkout, stage="dev", parameters=(), environment={}, tools="")
    clients = cast("Any", account)
    return DeployedBefore(checkout.state / "deployed", inputs, StackReader(clients), clients, plan)


def deploy(remembered: DeployedBefore, account: Account, stack: Stack, **how: Any) -> None:
    inputs = remembered.inputs_of(stack)
    account.deploy(f"{stack.name}-dev", **how)
    remembered.note(stack, inputs)


def is_current(remembered: DeployedBefore, stack: Stack) -> bool:
    return remembered.is_current(stack, remembered.inputs_of(stack))


def test_a_stack_is_current_right_after_its_deployment(
    checkout: Checkout, account: Account, orders: Stack
) -> None:
    deploy(records(checkout, account), account, orders)
    assert is_current(records(checkout, account), orders)


def test_a_stack_of_which_nothing_can_be_found_out_is_not_current(
    checkout: Checkout, account: Account, orders: Stack
) -> None:
    deploy(records(checkout, account), account, orders)
    account.unreachable = True
    assert not is_current(records(checkout, account), orders)


def test_a_stack_that_was_never_deployed_from_here_is_not_current(
    checkout: Checkout, account: Account, orders: Stack
) -> None:
    account.deploy("orders-dev")
    assert not is_current(records(checkout, account), orders)


def test_an_edit_makes_a_stack_not_current_and_taking_it_back_current_again(
    checkout: Checkout, account: Account, orders: Stack, write: Write
) -> None:
    remembered = records(checkout, account)
    deploy(remembered, account, orders)
    edited = write("services/orders/orders/new.py", "")
    assert not is_current(remembered, orders)
    edited.unlink()
    assert is_current(remembered, orders)


@pytest.mark.parametrize(
    "how",
    [{"at": datetime(2026, 1, 2, tzinfo=UTC)}, {"stack_id": "id-2"}],
    ids=["somebody deployed it", "it was made anew"],
)
def test_a_stack_that_others_changed_is_not_current(
    checkout: Checkout, account: Account, orders: Stack, how: dict[str, Any]
) -> None:
    remembered = records(checkout, account)
    deploy(remembered, account, orders)
    account.deploy("orders-dev", **how)
    assert not is_current(remembered, orders)


@pytest.mark.parametrize("state", ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_IN_PROGRESS", "DELETE_COMPLETE"])
def test_a_stack_in_any_other_state_is_not_current(
    checkout: Checkout, account: Account, orders: Stack, state: str
) -> None:
    remembered = records(checkout, account)
    deploy(remembered, account, orders)
    account.stacks["orders-dev"]["StackStatus"] = state
    assert not is_current(remembered, orders)


def test_a_stack_that_is_gone_is_not_current(checkout: Checkout, account: Account, orders: Stack) -> None:
    remembered = records(checkout, account)
    deploy(remembered, account, orders)
    account.stacks.clear()
    assert not is_current(remembered, orders)


@pytest.mark.parametrize("name", ["/shared-infra/dev/bus", "/auth/dev/url"])
def test_another_value_of_a_parameter_that_a_stack_takes_makes_it_not_current(
    checkout: Checkout, account: Account, orders: Stack, name: str
) -> None:
    remembered = records(checkout, account)
    deploy(remembered, account, orders)
    account.parameters[name] = "another"
    assert not is_current(remembered, orders)


def test_a_deployment_whose_parameters_may_not_be_read_is_not_remembered(
    checkout: Checkout, account: Account, orders: Stack
) -> None:
    account.parameters.clear()
    deploy(records(checkout, account), account, orders)
    assert not is_current(records(checkout, account), orders)


def test_an_edit_during_a_deployment_is_not_taken_for_deployed(
    checkout: Checkout, account: Account, orders: Stack, write: Write
) -> None:
    remembered = records(checkout, account)
    inputs = remembered.inputs_of(orders)
    account.deploy("orders-dev")
    write("services/orders/orders/new.py", "")
    remembered.note(orders, inputs)
    assert not is_current(remembered, orders)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"inputs": 1}'])
def test_a_record_that_cannot_be_read_is_none(
    checkout: Checkout, account: Account, orders: Stack, text: str
) -> None:
    remembered = records(checkout, account)
    deploy(remembered, account, orders)
    (checkout.state / "deployed" / "dev" / "orders.json").write_text(text)
    assert not is_current(remembered, orders)


@pytest.mark.parametrize(("hours_left", "expected"), [(40, True), (30, False), (-1, False)])
def test_a_stack_without_functions_takes_on_the_new_expiry_once_half_of_the_old_is_over(
    checkout: Checkout, account: Account, write: Write, *, hours_left: int, expected: bool
) -> None:
    write("shared-infra/.serverless/cloudformation-template-update-stack.json", "{}")
    now = datetime.now(UTC)
    remembered = records(checkout, account, tags={"expires-at": (now + timedelta(hours=72)).isoformat()})
    shared = services.discover(checkout.root)["shared-infra"]
    deploy(remembered, account, shared, expires=(now + timedelta(hours=hours_left)).isoformat())
    assert is_current(remembered, shared) is expected
