"""What every API of the compiled templates has in common."""

from collections.abc import Iterator
from typing import Any

from .conftest import Compiled


def methods(compiled: dict[str, Compiled]) -> Iterator[tuple[str, dict[str, Any]]]:
    for template in compiled.values():
        for name, method in template.of_type("AWS::ApiGateway::Method").items():
            yield f"{template.service} {name}", method


def test_no_request_is_checked_before_its_handler_sees_it(compiled: dict[str, Compiled]) -> None:
    # A validator of API Gateway's would answer 400 before 403 and 413, and would name no field.
    assert [name for name, method in methods(compiled) if "RequestValidatorId" in method] == []
    assert [stack for stack, it in compiled.items() if it.of_type("AWS::ApiGateway::RequestValidator")] == []


def test_every_api_still_documents_what_its_bodies_are_like(compiled: dict[str, Compiled]) -> None:
    documented = {name for name, method in methods(compiled) if method.get("RequestModels")}
    assert documented == {
        "orders ApiGatewayMethodOrdersPost",
        "restaurants ApiGatewayMethodRestaurantsNameVarPut",
        "restaurants ApiGatewayMethodRestaurantsSearchPost",
    }
