"""Listing a customer's orders."""

from orders.handlers.list_orders import handle
from service_kit.testing import Reply, call, rest_event

from .orders_fakes import FakeOrders, order


def get(cursor: str | None = None, customer_id: str | None = "ada") -> Reply:
    query = None if cursor is None else {"cursor": cursor}
    return call(handle, rest_event(caller=customer_id, query=query))


def test_a_customer_gets_their_own_orders_newest_first(orders: FakeOrders) -> None:
    for one in (
        order("1", minutes_after_noon=1),
        order("3", customer_id="bob"),
        order("2", minutes_after_noon=2),
    ):
        orders.add(one)
    document = get().document
    assert [order["orderId"] for order in document["orders"]] == ["2", "1"]
    assert document["nextCursor"] is None


def test_the_endpoint_shows_orders_without_their_customer(orders: FakeOrders) -> None:
    orders.add(order("1"))
    reply = get()
    assert (reply.status, reply.document) == (
        200,
        {
            "orders": [
                {
                    "orderId": "1",
                    "restaurantName": "Fangtasia",
                    "state": "placed",
                    "placedAt": "2026-01-31T12:00:00Z",
                    "answerBy": None,
                    "history": [{"state": "placed", "at": "2026-01-31T12:00:00Z"}],
                }
            ],
            "nextCursor": None,
        },
    )


def test_the_endpoint_answers_a_customer_without_orders_an_empty_page(orders: FakeOrders) -> None:
    orders.add(order("1", customer_id="bob"))
    assert get().document == {"orders": [], "nextCursor": None}


def test_the_endpoint_pages_by_its_page_size_through_all_orders(orders: FakeOrders) -> None:
    for number in range(5):
        orders.add(order(str(number), minutes_after_noon=number))
    pages: list[list[str]] = []
    cursor = None
    while cursor is not None or not pages:
        document = get(cursor).document
        pages.append([order["orderId"] for order in document["orders"]])
        cursor = document["nextCursor"]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_the_endpoint_answers_400_for_a_cursor_of_another_origin(orders: FakeOrders) -> None:
    reply = get("made up")
    assert reply.status == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert "cursor" in reply.document["detail"]
    assert reply.document["requestId"] == "gateway-request"


def test_the_endpoint_names_a_cursor_that_is_too_long(orders: FakeOrders) -> None:
    reply = get("x" * 501)
    assert reply.status == 400
    assert [(error["location"], error["field"]) for error in reply.document["errors"]] == [
        ("query", "cursor")
    ]


def test_the_endpoint_answers_401_when_nobody_is_signed_in(orders: FakeOrders) -> None:
    assert get(customer_id=None).status == 401
