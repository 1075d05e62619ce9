"""Placing an order."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from botocore.stub import Stubber

from orders import wiring
from orders.domain.errors import IdempotencyKeyReusedError, RestaurantNotFoundError
from orders.domain.models import Order, OrderState
from orders.domain.place_order import IDEMPOTENCY_KEY_LIFETIME, place_order
from orders.handlers.place_order import PatienceConfig, handle
from service_kit.aws import UpstreamUnavailable
from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event

from .orders_fakes import NOON, FakeAllowances, FakeOrders, FakeRestaurants

PATIENCE = timedelta(minutes=15)
CATALOGUE = FakeRestaurants("Fangtasia", "Pizza Planet")


def place(
    orders: FakeOrders, name: str = "Fangtasia", *, key: str | None = None, customer: str = "ada"
) -> Order:
    return place_order(
        orders,
        CATALOGUE,
        FakeAllowances(),
        customer_id=customer,
        restaurant_name=name,
        patience=PATIENCE,
        idempotency_key=key,
    )


class OrdersSomebodyElseAddsTo(FakeOrders):
    """Between looking for an order and adding it, another attempt adds one of the same id."""

    def __init__(self, restaurant_name: str) -> None:
        super().__init__()
        self._restaurant_name = restaurant_name

    def add(self, order: Order) -> bool:
        self.by_id[order.order_id] = order.model_copy(
            update={"restaurant_name": self._restaurant_name, "placed_at": datetime(2026, 1, 1, tzinfo=UTC)}
        )
        return False


class OrdersStoredByAnAttemptWithoutAnAnswer(FakeOrders):
    """The first attempt at a write got no answer, the second finds what the first has stored."""

    def add(self, order: Order) -> bool:
        super().add(order)
        return False

    def find(self, order_id: str) -> Order | None:
        raise ConnectionError(order_id)


class TestTheDomain:
    def test_an_order_that_is_stored_is_not_looked_up_which_could_fail(self) -> None:
        orders = OrdersStoredByAnAttemptWithoutAnAnswer()
        order = place(orders)
        assert orders.by_id == {order.order_id: order}

    def test_stores_the_order_that_it_gives(self) -> None:
        orders = FakeOrders()
        order = place(orders)
        assert orders.by_id == {order.order_id: order}

    def test_places_an_order_for_its_customer_at_its_restaurant(self) -> None:
        order = place(FakeOrders())
        assert (order.customer_id, order.restaurant_name) == ("ada", "Fangtasia")
        assert order.state is OrderState.PLACED

    def test_places_an_order_now_in_utc(self) -> None:
        before = datetime.now(UTC)
        order = place(FakeOrders())
        assert before <= order.placed_at <= datetime.now(UTC)
        assert order.placed_at.tzinfo is UTC

    def test_an_order_is_to_be_answered_when_its_patience_is_over(self) -> None:
        order = place(FakeOrders())
        assert order.answer_by == order.placed_at + PATIENCE

    def test_refuses_a_restaurant_that_does_not_exist_and_stores_nothing(self) -> None:
        orders = FakeOrders()
        with pytest.raises(RestaurantNotFoundError, match="“Los Pollos Hermanos”"):
            place(orders, "Los Pollos Hermanos")
        assert orders.by_id == {}

    def test_without_a_key_each_call_is_a_new_order(self) -> None:
        orders = FakeOrders()
        assert place(orders).order_id != place(orders).order_id
        assert len(orders.by_id) == 2

    def test_the_same_key_gives_the_same_order(self) -> None:
        orders = FakeOrders()
        assert place(orders, key="first") == place(orders, key="first")
        assert len(orders.by_id) == 1

    def test_another_key_is_another_order(self) -> None:
        orders = FakeOrders()
        assert place(orders, key="first").order_id != place(orders, key="second").order_id

    def test_keys_are_per_customer(self) -> None:
        orders = FakeOrders()
        hers, his = place(orders, key="first", customer="ada"), place(orders, key="first", customer="bob")
        assert hers.order_id != his.order_id
        assert his.customer_id == "bob"

    def test_a_used_key_refuses_another_restaurants_order(self) -> None:
        orders = FakeOrders()
        earlier = place(orders, "Fangtasia", key="first")
        with pytest.raises(IdempotencyKeyReusedError):
            place(orders, "Pizza Planet", key="first")
        assert orders.by_id == {earlier.order_id: earlier}

    def test_a_repeat_meets_its_order_even_when_the_restaurant_is_gone_since(self) -> None:
        orders, catalogue = FakeOrders(), FakeRestaurants("Fangtasia")
        first = place_order(
            orders,
            catalogue,
            FakeAllowances(),
            customer_id="ada",
            restaurant_name="Fangtasia",
            patience=PATIENCE,
            idempotency_key="k",
        )
        catalogue.names.clear()
        again = place_order(
            orders,
            catalogue,
            FakeAllowances(),
            customer_id="ada",
            restaurant_name="Fangtasia",
            patience=PATIENCE,
            idempotency_key="k",
        )
        assert again == first

    def test_an_attempt_that_loses_the_race_gives_the_order_of_the_one_that_won(self) -> None:
        orders = OrdersSomebodyElseAddsTo("Fangtasia")
        assert place(orders, key="first").placed_at == datetime(2026, 1, 1, tzinfo=UTC)

    def test_an_attempt_that_loses_the_race_to_another_restaurants_order_is_refused(self) -> None:
        with pytest.raises(IdempotencyKeyReusedError):
            place(OrdersSomebodyElseAddsTo("Pizza Planet"), "Fangtasia", key="first")


def post(body: object, *, caller: str | None = "ada", headers: dict[str, str] | None = None) -> Reply:
    return call(handle, rest_event(body, caller=caller, headers=headers))


@pytest.mark.usefixtures("restaurants")
class TestTheEndpoint:
    def test_answers_the_id_of_the_stored_order_and_nothing_else(self, orders: FakeOrders) -> None:
        reply = post({"restaurantName": "Fangtasia"})
        [order] = orders.by_id.values()
        assert (reply.status, reply.document) == (200, {"orderId": order.order_id})
        assert reply.headers["content-type"] == "application/json"

    def test_orders_for_the_customer_of_the_token(self, orders: FakeOrders) -> None:
        post({"restaurantName": "Fangtasia", "customerId": "bob"}, caller="ada")
        assert [order.customer_id for order in orders.by_id.values()] == ["ada"]

    def test_ignores_spaces_around_the_name(self, orders: FakeOrders) -> None:
        assert post({"restaurantName": "  Fangtasia "}).status == 200
        assert [order.restaurant_name for order in orders.by_id.values()] == ["Fangtasia"]

    def test_answers_404_for_a_restaurant_that_does_not_exist(self, orders: FakeOrders) -> None:
        reply = post({"restaurantName": "Los Pollos Hermanos"})
        assert reply.status == 404
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.document == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is no restaurant called “Los Pollos Hermanos”.",
            "requestId": "gateway-request",
        }
        assert orders.by_id == {}

    def test_answers_503_while_the_catalogue_is_down(
        self, orders: FakeOrders, restaurants: FakeRestaurants
    ) -> None:
        restaurants.failure = UpstreamUnavailable("GET https://internal.example/restaurants answered 500")
        reply = post({"restaurantName": "Fangtasia"})
        assert reply.status == 503
        assert reply.headers["retry-after"].isdecimal()
        assert reply.document["requestId"] == "gateway-request"
        assert "internal.example" not in str(reply.document)
        assert orders.by_id == {}

    def test_answers_503_that_says_how_to_go_on_while_the_table_is_throttled(
        self,
        restaurants: FakeRestaurants,
        dynamodb: Stubber,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        dynamodb.add_client_error("put_item", "ProvisionedThroughputExceededException")
        reply = post({"restaurantName": "Fangtasia"})
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert "with the same Idempotency-Key" in reply.document["detail"]
        assert "ProvisionedThroughputExceededException of PutItem" in capsys.readouterr().out

    def test_answers_401_when_nobody_is_signed_in(self, orders: FakeOrders) -> None:
        assert post({"restaurantName": "Fangtasia"}, caller=None).status == 401
        assert orders.by_id == {}

    @pytest.mark.parametrize(
        "body", [{}, {"restaurantName": ""}, {"restaurantName": "   "}, {"restaurantName": "x" * 101}]
    )
    def test_answers_400_that_names_a_bad_field(self, orders: FakeOrders, body: dict[str, str]) -> None:
        reply = post(body)
        assert reply.status == 400
        assert [(error["location"], error["field"]) for error in reply.document["errors"]] == [
            ("body", "restaurantName")
        ]
        assert reply.document["requestId"] == "gateway-request"
        assert orders.by_id == {}

    def test_answers_400_for_a_name_that_is_not_text(self, orders: FakeOrders) -> None:
        assert post({"restaurantName": 7}).status == 400

    def test_answers_413_for_a_body_that_is_too_large(self, orders: FakeOrders) -> None:
        assert post({"restaurantName": "x" * 1_200_000}).status == 413

    @pytest.mark.parametrize("header", ["Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY"])
    def test_answers_the_same_order_for_the_same_key(self, orders: FakeOrders, header: str) -> None:
        first = post({"restaurantName": "Fangtasia"}, headers={header: "k"})
        again = post({"restaurantName": "Fangtasia"}, headers={header: "k"})
        assert (again.status, again.document) == (200, first.document)
        assert len(orders.by_id) == 1

    def test_the_order_keeps_the_correlation_id_of_its_first_request(
        self, orders: FakeOrders, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for number in ("1", "2"):
            headers = {"Idempotency-Key": "k", "x-correlation-id": f"request-{number}"}
            post({"restaurantName": "Fangtasia"}, headers=headers)
        (order,) = orders.by_id.values()
        assert order.correlation_id == "request-1"
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        answered = [line for line in lines if line.get("message") == "answered"]
        # Both name the order, so whoever follows it finds the second request too.
        assert [(line["correlation_id"], line["order_id"]) for line in answered] == [
            ("request-1", order.order_id),
            ("request-2", order.order_id),
        ]

    def test_answers_422_for_another_body_under_the_same_key(self, orders: FakeOrders) -> None:
        post({"restaurantName": "Fangtasia"}, headers={"Idempotency-Key": "k"})
        reply = post({"restaurantName": "Pizza Planet"}, headers={"Idempotency-Key": "k"})
        assert reply.status == 422
        assert reply.headers["content-type"] == "application/problem+json"
        assert "Idempotency-Key" in reply.document["detail"]

    def test_answers_two_customers_with_the_same_key_an_order_each(self, orders: FakeOrders) -> None:
        hers = post({"restaurantName": "Fangtasia"}, headers={"Idempotency-Key": "k"}, caller="ada")
        his = post({"restaurantName": "Fangtasia"}, headers={"Idempotency-Key": "k"}, caller="bob")
        assert hers.document != his.document

    @pytest.mark.parametrize("key", ["caf\u00e9", "a\tb", "a\x00", "\u200b", "\x7f"])
    def test_answers_400_for_a_key_that_may_change_on_its_way(self, orders: FakeOrders, key: str) -> None:
        reply = post({"restaurantName": "Fangtasia"}, headers={"Idempotency-Key": key})
        assert reply.bad_fields == [("header", "Idempotency-Key")]

    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    def test_finds_a_restaurant_however_its_name_is_composed(
        self, orders: FakeOrders, monkeypatch: pytest.MonkeyPatch, form: Literal["NFC", "NFD"]
    ) -> None:
        monkeypatch.setattr(wiring, "restaurants", lambda: FakeRestaurants("Café Ångström"))
        assert post({"restaurantName": unicodedata.normalize(form, "Café Ångström")}).status == 200
        assert [order.restaurant_name for order in orders.by_id.values()] == ["Café Ångström"]

    def test_a_repeat_under_a_key_may_be_composed_in_another_way(
        self, orders: FakeOrders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wiring, "restaurants", lambda: FakeRestaurants("Café"))
        first = post({"restaurantName": "Caf\u00e9"}, headers={"Idempotency-Key": "k"})
        again = post({"restaurantName": "Cafe\u0301"}, headers={"Idempotency-Key": "k"})
        assert first.document == again.document

    @pytest.mark.parametrize(
        "name", ["a\u200bb", "\u202ea", "a\x85b", "\ufdd0", "\uff26", "..", "%2F", "a/b"]
    )
    def test_answers_400_for_what_can_be_no_name(self, orders: FakeOrders, name: str) -> None:
        assert post({"restaurantName": name}).bad_fields == [("body", "restaurantName")]
        assert orders.by_id == {}

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_answers_400_for_a_key_of_a_wrong_length(self, orders: FakeOrders, key: str) -> None:
        reply = post({"restaurantName": "Fangtasia"}, headers={"Idempotency-Key": key})
        assert reply.status == 400
        assert reply.document["errors"] == [
            {
                "location": "header",
                "field": "Idempotency-Key",
                "message": "Input should have 1 to 255 characters",
            }
        ]

    def test_an_order_waits_as_long_as_operators_have_configured(self, orders: FakeOrders) -> None:
        with override_parameters(handle, config=PatienceConfig(patienceSeconds=86_400)):
            post({"restaurantName": "Fangtasia"})
        [order] = orders.by_id.values()
        assert order.answer_by == order.placed_at + timedelta(days=1)

    def test_accepts_the_longest_key(self, orders: FakeOrders) -> None:
        assert post({"restaurantName": "Fangtasia"}, headers={"Idempotency-Key": "x" * 255}).status == 200


def test_a_key_is_good_for_a_day() -> None:
    orders = FakeOrders()
    first = place_at(orders, NOON)
    repeat = place_at(orders, NOON + IDEMPOTENCY_KEY_LIFETIME - timedelta(seconds=1))
    assert repeat == first
    later = place_at(orders, NOON + IDEMPOTENCY_KEY_LIFETIME)
    assert later.order_id != first.order_id


def test_repeats_under_a_key_that_was_used_again_meet_the_newest_order() -> None:
    orders = FakeOrders()
    moments = [NOON + days * IDEMPOTENCY_KEY_LIFETIME for days in range(4)]
    ids = [place_at(orders, moment).order_id for moment in moments]
    assert len(set(ids)) == len(ids)
    assert place_at(orders, moments[-1] + timedelta(minutes=1)).order_id == ids[-1]


def place_at(orders: FakeOrders, now: datetime) -> Order:
    return place_order(
        orders,
        CATALOGUE,
        FakeAllowances(),
        customer_id="ada",
        restaurant_name="Fangtasia",
        patience=PATIENCE,
        idempotency_key="click",
        now=now,
    )


@pytest.mark.parametrize("seconds", [0, 86_401])
def test_patience_has_its_bounds(seconds: int) -> None:
    with pytest.raises(ValueError, match="patienceSeconds"):
        PatienceConfig(patienceSeconds=seconds)


def test_a_restaurant_has_a_quarter_of_an_hour_unless_configured_otherwise() -> None:
    assert PatienceConfig().patience_seconds == 900


def test_its_configuration_is_its_own() -> None:
    assert handle.contract.parameters["config"].path == "/orders/test/place-order/config"
