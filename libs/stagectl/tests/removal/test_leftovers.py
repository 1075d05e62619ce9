"""What is removed beside the stacks of a stage: by whole names, and as much of it as goes."""

from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.removal import leftovers
from stagectl.removal.leftovers import Left, Leftovers
from stagectl.stacks.stack_status import Resource

STAGE = "preview-a"
DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "Operation")
GONE = {
    "delete_parameter": ClientError({"Error": {"Code": "ParameterNotFound"}}, "DeleteParameter"),
    "delete_log_group": ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DeleteLogGroup"),
}


class FakeAccount:
    """The parameters and log groups of an account, as clients of SSM and CloudWatch Logs in one.

    Attributes:
        failures: What deleting a name, or listing, fails with.
        calls: What was deleted or tried, in order.
    """

    def __init__(self, *names: str) -> None:
        self.there = set(names)
        self.failures: dict[str, Exception] = {}
        self.calls: list[tuple[str, str]] = []

    def get_paginator(self, operation: str) -> Any:
        assert operation == "describe_parameters"
        return self

    def paginate(self, *, ParameterFilters: list[dict[str, Any]]) -> Any:  # noqa: N803 - as boto3 has it
        [wanted] = ParameterFilters
        assert (wanted["Key"], wanted["Option"]) == ("Name", "Contains")
        if "listing" in self.failures:
            raise self.failures["listing"]
        for name in sorted(self.there):
            if any(text in name for text in wanted["Values"]):
                yield {"Parameters": [{"Name": name}]}

    def delete_parameter(self, *, Name: str) -> None:  # noqa: N803
        self._delete("delete_parameter", Name)

    def delete_log_group(self, *, logGroupName: str) -> None:  # noqa: N803
        self._delete("delete_log_group", logGroupName)

    def _delete(self, operation: str, name: str) -> None:
        self.calls.append((operation, name))
        if name in self.failures:
            raise self.failures[name]
        if name not in self.there:
            raise GONE[operation]
        self.there.remove(name)


class FakeKeys:
    """The API keys of an account: the stage in their tags, by name, which is their id here."""

    def __init__(self, **stages: str) -> None:
        self.stages = {name.replace("_", "-"): stage for name, stage in stages.items()}

    def get_paginator(self, operation: str) -> Any:
        assert operation == "get_api_keys"
        return self

    def paginate(self, *, nameQuery: str) -> Any:  # noqa: N803
        for name, stage in self.stages.items():
            if name.startswith(nameQuery):
                yield {"items": [{"id": name, "tags": {"stage": stage}}]}

    def delete_api_key(self, *, apiKey: str) -> None:  # noqa: N803
        del self.stages[apiKey]


def remove(account: FakeAccount, *services: str, log_groups: tuple[str, ...] = ()) -> list[Left]:
    client: Any = account
    return Leftovers(client, client, client).remove(STAGE, services or ("orders", "auth"), log_groups)


def test_parameters_of_the_stage_go_and_those_of_stages_called_alike_stay() -> None:
    others = {
        "/orders/preview-a-b/place-order/config",
        "/orders/preview/place-order/config",
        "/orders/b-preview-a/place-order/config",
        "/orders/dev/place-order/config",
        "/orders-2/preview-a/place-order/config",
        "/billing/preview-a/charge/config",
        "/copies/orders/preview-a/config",
        "orders/preview-a/config",
        "/orders/preview-a",
    }
    own = {"/orders/preview-a/place-order/config", "/auth/preview-a/userPoolId", "/auth/preview-a/b/c/d"}
    account = FakeAccount(*others, *own)

    assert remove(account) == []
    assert account.there == others


def test_log_groups_go_by_their_whole_names() -> None:
    account = FakeAccount("/aws/lambda/orders-preview-a-place-order", "/aws/lambda/orders-preview-a-place")

    assert remove(account, log_groups=("/aws/lambda/orders-preview-a-place",)) == []
    assert account.there == {"/aws/lambda/orders-preview-a-place-order"}


@pytest.mark.parametrize("services", [["orders"], ["orders", "partners"]])
def test_keys_of_partners_go_with_their_stack_and_those_of_stages_called_alike_stay(
    services: list[str],
) -> None:
    account: Any = FakeAccount()
    keys = FakeKeys(partners_preview_a_acme="preview-a", partners_preview_a_b_acme="preview-a-b")

    assert Leftovers(account, account, cast("Any", keys)).remove(STAGE, iter(services), []) == []
    assert ("partners-preview-a-acme" in keys.stages) == ("partners" not in services)
    assert "partners-preview-a-b-acme" in keys.stages


def test_what_has_gone_meanwhile_is_fine() -> None:
    account = FakeAccount("/orders/preview-a/x")
    account.failures = {"/orders/preview-a/x": GONE["delete_parameter"]}

    assert remove(account, log_groups=("/aws/lambda/a",)) == []


@pytest.mark.parametrize("failure", [DENIED, EndpointConnectionError(endpoint_url="https://aws")])
def test_what_does_not_go_is_told_with_its_reason_and_the_rest_goes(failure: Exception) -> None:
    account = FakeAccount("/orders/preview-a/x", "/orders/preview-a/y", "a", "b")
    account.failures = {"/orders/preview-a/x": failure, "a": failure}

    assert remove(account, log_groups=("b", "a")) == [
        Left("parameter /orders/preview-a/x", str(failure)),
        Left("log group a", str(failure)),
    ]
    assert account.there == {"/orders/preview-a/x", "a"}


@pytest.mark.parametrize("failure", [DENIED, EndpointConnectionError(endpoint_url="https://aws")])
def test_parameters_that_may_not_be_listed_are_told_and_log_groups_go(failure: Exception) -> None:
    account = FakeAccount("/orders/preview-a/x", "a")
    account.failures = {"listing": failure}

    assert remove(account, log_groups=("a",)) == [Left("parameters of preview-a", str(failure))]
    assert account.there == {"/orders/preview-a/x"}


def test_a_fault_of_this_program_is_no_failure_of_aws() -> None:
    account = FakeAccount("a")
    account.failures = {"a": TypeError("a bug")}

    with pytest.raises(TypeError):
        remove(account, log_groups=("a",))


def test_parameters_go_before_log_groups_each_in_the_order_of_the_alphabet() -> None:
    account = FakeAccount("/orders/preview-a/y", "/auth/preview-a/x", "b", "a")

    remove(account, log_groups=("b", "a"))

    assert [name for _, name in account.calls] == ["/auth/preview-a/x", "/orders/preview-a/y", "a", "b"]


def test_the_log_groups_of_functions_bear_the_names_of_the_functions(tmp_path: Path) -> None:
    stacks = [Stack("orders", tmp_path, functions=("place-order", "get-order")), Stack("auth", tmp_path)]

    assert leftovers.log_groups_of_functions(stacks, STAGE) == {
        "/aws/lambda/orders-preview-a-place-order",
        "/aws/lambda/orders-preview-a-get-order",
    }


def test_the_log_groups_of_resources_are_those_of_functions_alone() -> None:
    resources = [
        Resource("Charge", "AWS::Lambda::Function", "billing-preview-a-charge"),
        Resource("Live", "AWS::Lambda::Alias", "billing-preview-a-charge:live"),
        Resource("Table", "AWS::DynamoDB::Table", "billing-preview-a"),
    ]

    assert leftovers.log_groups_of_resources(resources) == {"/aws/lambda/billing-preview-a-charge"}


def test_it_works_on_the_target_that_was_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    ssm, logs = FakeAccount("/orders/preview-a/x"), FakeAccount("a")

    class Session:
        def client(self, service: str) -> Any:
            return {"ssm": ssm, "logs": logs, "apigateway": FakeKeys()}[service]

    monkeypatch.setattr(aws, "session", Session)

    assert Leftovers.here().remove(STAGE, ["orders"], ["a"]) == []
    assert ssm.calls == [("delete_parameter", "/orders/preview-a/x")]
    assert logs.calls == [("delete_log_group", "a")]
