"""Handlers whose signature is wrong, and what an argument may come from."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from pydantic import BaseModel, SecretStr

from service_kit.events import Change, event_handler, queue_handler, stream_handler
from service_kit.http import Caller, FromHeader, FromPath, http_handler
from service_kit.parameters import Config, FromParameter, Published, Secret, Text, override_parameters
from service_kit.signature import SignatureError

if TYPE_CHECKING:
    from decimal import Decimal


class Model(BaseModel):
    count: int = 1


def no_annotation(x) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001
def no_source(order_id: str) -> None: ...
def no_model(body: dict[str, Any]) -> None: ...
def two_callers(caller: Caller, other: Caller) -> None: ...
def two_sources(order_id: Annotated[str, FromPath(), FromHeader()]) -> None: ...
def any_number(*names: Annotated[str, FromPath()]) -> None: ...
def positional(order_id: Annotated[str, FromPath()], /) -> None: ...
def no_parameter_type(config: Annotated[int, FromParameter("config")]) -> None: ...
def published_model(quotas: Annotated[Model, FromParameter("serviceQuotas", service="orders")]) -> None: ...


@pytest.mark.parametrize(
    ("handle", "parameter", "fault"),
    [
        (no_annotation, "x", "it has no annotation"),
        (
            no_source,
            "order_id",
            "nothing says where it comes from: call it body or query, annotate",
        ),
        (no_model, "body", "annotate it with a pydantic model"),
        (two_callers, "other", "nothing says where it comes from"),
        (two_sources, "order_id", "it comes from more than one place"),
        (any_number, r"\*names.*", "arguments are passed by name"),
        (positional, "order_id.*", "arguments are passed by name"),
        (no_parameter_type, "config", "annotate it as a pydantic model, a SecretStr or a str"),
        (published_model, "quotas", "annotate it as str"),
    ],
)
def test_a_wrong_parameter_fails_the_import_and_is_named_with_its_handler(
    handle: Callable[..., Any], parameter: str, fault: str
) -> None:
    with pytest.raises(SignatureError, match=rf"\.{handle.__name__}: parameter `{parameter}`: .*{fault}"):
        http_handler()(handle)


def test_a_handler_that_does_not_say_what_it_returns_fails_the_import() -> None:
    def handle():  # type: ignore[no-untyped-def]  # noqa: ANN202
        ...

    with pytest.raises(SignatureError, match="has no return annotation: write -> None for no result"):
        http_handler()(handle)


def test_an_annotation_that_only_type_checkers_know_is_named() -> None:
    def handle(price: "Annotated[Decimal, FromPath()]") -> None: ...

    with pytest.raises(
        SignatureError, match="Decimal is not known at run time: import it outside of TYPE_CHECKING"
    ):
        http_handler()(handle)


def test_annotations_may_be_texts() -> None:
    def handle(order_id: "Annotated[str, FromPath()]", query: "Model") -> "Model":
        raise AssertionError(order_id, query)

    contract = http_handler()(handle).contract
    assert (contract.query, contract.response) == (Model, Model)
    assert contract.path is not None
    assert contract.path.model_fields["order_id"].alias == "orderId"


def test_a_path_parameter_and_a_header_may_have_names_of_their_own() -> None:
    @http_handler()
    def handle(
        order: Annotated[str, FromPath("orderId")], version: Annotated[str, FromHeader("If-Match")]
    ) -> None: ...

    aliases = [
        field.alias
        for model in (handle.contract.path, handle.contract.headers)
        if model is not None
        for field in model.model_fields.values()
    ]
    assert aliases == ["orderId", "If-Match"]


def test_an_ssm_parameter_is_what_its_argument_s_type_says() -> None:
    @http_handler()
    def handle(
        config: Annotated[Model, FromParameter("config")],
        secret: Annotated[SecretStr, FromParameter("secretString")],
        greeting: Annotated[str, FromParameter("greeting")],
        orders_url: Annotated[str, FromParameter("serviceUrl", service="orders")],
    ) -> None: ...

    found = {name: (type(one), one.path) for name, one in handle.contract.parameters.items()}
    assert found == {
        "config": (Config, "/orders/test/test-signature/config"),
        "secret": (Secret, "/orders/test/test-signature/secretString"),
        "greeting": (Text, "/orders/test/test-signature/greeting"),
        "orders_url": (Published, "/orders/test/serviceUrl"),
    }


def test_what_operators_write_may_be_another_stage_s_but_what_stacks_publish_is_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSM_STAGE", "dev")

    @http_handler()
    def handle(
        config: Annotated[Model, FromParameter("config")],
        orders_url: Annotated[str, FromParameter("serviceUrl", service="orders")],
    ) -> None: ...

    paths = [parameter.path for parameter in handle.contract.parameters.values()]
    assert paths == ["/orders/dev/test-signature/config", "/orders/test/serviceUrl"]


def no_event() -> None: ...
def two_events(event: Model, other: Model) -> None: ...
def no_event_model(event: dict[str, Any]) -> None: ...
def no_message(event: Model) -> None: ...
def no_batch(changes: list[Model]) -> None: ...
def one_change(change: Change[Model]) -> None: ...


@pytest.mark.parametrize(
    ("decorate", "handle", "fault"),
    [
        (event_handler(), no_event, "no_event has no parameter for the event"),
        (event_handler(), two_events, "parameter `other`: only one is the event"),
        (
            event_handler(),
            no_event_model,
            "`event`: annotate it with the pydantic model of the event",
        ),
        (queue_handler(), no_message, r"parameter `event`: annotate it as BusEvent\[Model\]"),
        (stream_handler(), no_batch, r"parameter `changes`: annotate it as list\[Change\[Model\]\]"),
        (stream_handler(), one_change, r"parameter `change`: annotate it as list\[Change\[Model\]\]"),
    ],
)
def test_a_function_that_does_not_say_what_its_event_is_fails_the_import(
    decorate: Callable[[Callable[..., Any]], object], handle: Callable[..., Any], fault: str
) -> None:
    with pytest.raises(SignatureError, match=fault):
        decorate(handle)


def test_a_function_of_events_has_parameters_of_ssm_beside_its_event(context: Any) -> None:
    worked_on: list[tuple[int, int]] = []

    @event_handler()
    def handle(event: Model, config: Annotated[Model, FromParameter("config")]) -> None:
        worked_on.append((event.count, config.count))

    assert handle.contract.parameters["config"].path == "/orders/test/test-signature/config"
    with override_parameters(handle, config=Model(count=3)):
        handle({"count": 2}, context)
    assert worked_on == [(2, 3)]
