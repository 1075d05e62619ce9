from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, services
from stagectl.errors import StacksError, UsageError

Write = Callable[[str, str], Path]


def service(write: Write, name: str, text: str = "", **resources: str) -> None:
    write(f"services/{name}/serverless.yml", f"service: {name}\n{text}")
    for file, content in resources.items():
        write(f"services/{name}/resources/{file}.yml", content)


def reading(producer: str) -> str:
    return f'Resources:\n  T:\n    Value: "{{{{resolve:ssm:/{producer}/${{sls:stage}}/eventBusName}}}}"\n'


def test_stacks_are_found_with_their_functions(checkout: Checkout, write: Write) -> None:
    service(write, "orders", "functions: {place-order: {}, get-order: {handler: !Sub x}}")

    found = services.discover(checkout.root)

    assert list(found) == ["shared-infra", "orders"]
    assert found["orders"].functions == ("place-order", "get-order")
    assert found["orders"].on_stage("dev") == "orders-dev"


def test_a_dynamic_reference_to_another_stacks_parameter_is_a_dependency(
    checkout: Checkout, write: Write
) -> None:
    service(write, "orders", bus=reading("shared-infra"))

    assert services.discover(checkout.root)["orders"].dependencies == {"shared-infra"}


def test_a_template_parameter_that_defaults_to_another_stacks_parameter_is_a_dependency(
    checkout: Checkout, write: Write
) -> None:
    inputs = """
        Parameters:
          Bus: {Type: "AWS::SSM::Parameter::Value<String>", Default: "/shared-infra/${param:ssmStage}/kmsArn"}
          Other: {Type: String, Default: /nobody/at/all}
    """
    service(write, "orders", inputs=inputs)

    assert services.discover(checkout.root)["orders"].dependencies == {"shared-infra"}


def test_a_mention_in_a_comment_is_no_dependency(checkout: Checkout, write: Write) -> None:
    service(write, "orders", "# {{resolve:ssm:/nobody/dev/x}}\n")

    assert services.discover(checkout.root)["orders"].dependencies == frozenset()


def test_stacks_come_after_those_they_depend_on(checkout: Checkout, write: Write) -> None:
    service(write, "auth", bus=reading("orders"))
    service(write, "orders", bus=reading("shared-infra"))

    assert list(services.discover(checkout.root)) == ["shared-infra", "orders", "auth"]


def test_an_unknown_producer_is_named_with_the_file(checkout: Checkout, write: Write) -> None:
    service(write, "orders", bus=reading("payments"))

    with pytest.raises(StacksError, match=r"orders/resources/bus\.yml reads an SSM parameter of payments"):
        services.discover(checkout.root)


def test_a_circle_is_named(checkout: Checkout, write: Write) -> None:
    service(write, "orders", bus=reading("auth"))
    service(write, "auth", bus=reading("orders"))
    service(write, "web", bus=reading("auth"))

    with pytest.raises(StacksError, match=r"auth -> orders -> auth|orders -> auth -> orders"):
        services.discover(checkout.root)


def test_two_stacks_of_one_name_are_refused(checkout: Checkout, write: Write) -> None:
    write("services/copy/serverless.yml", "service: shared-infra")

    with pytest.raises(StacksError, match="both called shared-infra"):
        services.discover(checkout.root)


def test_a_file_that_is_not_yaml_is_named(checkout: Checkout, write: Write) -> None:
    service(write, "orders", "functions: [")

    with pytest.raises(StacksError, match=r"orders/serverless\.yml:\d+: this is not valid YAML"):
        services.discover(checkout.root)


def test_a_service_that_writes_its_url_publishes_it(checkout: Checkout, write: Write) -> None:
    outputs = """
        Resources:
          Url: {Type: AWS::SSM::Parameter, Properties: {Name: "/${self:service}/${sls:stage}/serviceUrl"}}
    """
    service(write, "orders", outputs=outputs)
    service(write, "auth")

    found = services.discover(checkout.root)

    assert found["orders"].publishes_url
    assert not found["auth"].publishes_url


def test_selection_keeps_the_order_and_refuses_unknown_names(checkout: Checkout, write: Write) -> None:
    service(write, "orders", bus=reading("shared-infra"))
    stacks = services.discover(checkout.root)

    assert list(services.select(stacks, ["orders", "shared-infra"])) == ["shared-infra", "orders"]
    assert list(services.select(stacks, [])) == ["shared-infra", "orders"]
    with pytest.raises(UsageError, match=r"no service payments\. Services: shared-infra, orders"):
        services.select(stacks, ["payments"])


def test_a_stack_below_shared_infra_is_opt_in_and_that_of_the_account_is_none(
    checkout: Checkout, write: Write
) -> None:
    write("shared-infra/edge/serverless.yml", "service: edge\n")
    write("shared-infra/account/serverless.yml", "service: big-mouth-account\n")
    service(write, "orders")

    found = services.discover(checkout.root)

    assert {name: stack.is_opt_in for name, stack in found.items()} == {
        "shared-infra": False,
        "orders": False,
        "edge": True,
    }
