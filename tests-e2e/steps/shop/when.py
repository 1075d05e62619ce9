"""The actions of scenarios; each returns the answer, whatever its status."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from drivers.exchange import Answer, Driver, Request
from steps.given import User


def a_visitor_opens_the_landing_page(driver: Driver, *, service: str = "web") -> Answer:
    """GET / of the page, or of the service that has shown it before."""
    return driver.send(Request(service, "GET"))


def a_visitor_loads_an_asset(driver: Driver, path: str, *, service: str = "web") -> Answer:
    """GET a file of the page by its path, such as `assets/app.js`."""
    return driver.send(Request(service, "GET", tuple(path.split("/"))))


def a_visitor_reads(driver: Driver, *page: str) -> Answer:
    """GET /legal/{page}, such as `terms`, or `terms` and `1`."""
    return driver.send(Request("web", "GET", ("legal", *page)))


def a_user_accepts(driver: Driver, token: str | None, document: str, version: object) -> Answer:
    """PUT /acceptances/{document}/{version}."""
    return driver.send(Request("web", "PUT", ("acceptances", document, str(version)), token=token))


def a_user_lists_acceptances(driver: Driver, token: str | None) -> Answer:
    """GET /acceptances."""
    return driver.send(Request("web", "GET", ("acceptances",), token=token))


def a_service_lists_restaurants(driver: Driver, *query: tuple[str, str], is_signed: bool = True) -> Answer:
    """GET /restaurants, signed as services do."""
    return driver.send(Request("restaurants", "GET", ("restaurants",), query=query, is_signed=is_signed))


def a_user_searches(driver: Driver, token: str | None, body: object) -> Answer:
    """POST /restaurants/search with a body that is JSON, or bytes as they are."""
    path = ("restaurants", "search")
    return driver.send(Request("restaurants", "POST", path, body=_content(body), token=token))


def a_visitor_finds_restaurants(driver: Driver, **query: str) -> Answer:
    """GET /restaurants/search without signing in."""
    path = ("restaurants", "search")
    return driver.send(Request("restaurants", "GET", path, query=tuple(query.items())))


def a_user_puts_a_restaurant(
    driver: Driver, token: str | None, name: str, body: object, *, if_match: str | None = None
) -> Answer:
    """PUT /restaurants/{name}."""
    path, headers = ("restaurants", name), _if_match(if_match)
    return driver.send(Request("restaurants", "PUT", path, headers=headers, body=_content(body), token=token))


def a_user_deletes_a_restaurant(
    driver: Driver, token: str | None, name: str, *, if_match: str | None = None
) -> Answer:
    """DELETE /restaurants/{name}."""
    path, headers = ("restaurants", name), _if_match(if_match)
    return driver.send(Request("restaurants", "DELETE", path, headers=headers, token=token))


def a_service_gets_a_restaurant(driver: Driver, name: str) -> Answer:
    """GET /restaurants/{name}, signed."""
    return driver.send(Request("restaurants", "GET", ("restaurants", name), is_signed=True))


def a_user_makes_staff(driver: Driver, token: str | None, name: str, email: str) -> Answer:
    """PUT /restaurants/{name}/staff/{email}."""
    path = ("restaurants", name, "staff", email)
    return driver.send(Request("restaurants", "PUT", path, token=token))


def a_user_removes_staff(driver: Driver, token: str | None, name: str, email: str) -> Answer:
    """DELETE /restaurants/{name}/staff/{email}."""
    path = ("restaurants", name, "staff", email)
    return driver.send(Request("restaurants", "DELETE", path, token=token))


def a_user_lists_staff(driver: Driver, token: str | None, name: str) -> Answer:
    """GET /restaurants/{name}/staff."""
    return driver.send(Request("restaurants", "GET", ("restaurants", name, "staff"), token=token))


def a_service_asks_for_staff(driver: Driver, name: str, email: str) -> Answer:
    """GET /restaurants/{name}/staff/{email}, signed as services do."""
    path = ("restaurants", name, "staff", email)
    return driver.send(Request("restaurants", "GET", path, is_signed=True))


def a_user_lists_staffed_restaurants(driver: Driver, token: str | None) -> Answer:
    """GET /staff."""
    return driver.send(Request("restaurants", "GET", ("staff",), token=token))


def a_user_submits_a_restaurant(driver: Driver, token: str | None, body: object) -> Answer:
    """POST /restaurants/submissions."""
    path = ("restaurants", "submissions")
    return driver.send(Request("restaurants", "POST", path, body=_content(body), token=token))


def a_user_lists_submissions(driver: Driver, token: str | None, *query: tuple[str, str]) -> Answer:
    """GET /restaurants/submissions."""
    path = ("restaurants", "submissions")
    return driver.send(Request("restaurants", "GET", path, query=query, token=token))


def a_user_reviews_a_submission(driver: Driver, token: str | None, submission_id: str, answer: str) -> Answer:
    """POST /restaurants/submissions/{submissionId}/approve or /reject."""
    path = ("restaurants", "submissions", submission_id, answer)
    return driver.send(Request("restaurants", "POST", path, token=token))


def a_user_bookmarks(driver: Driver, token: str | None, name: str) -> Answer:
    """PUT /favourites/{name}."""
    return driver.send(Request("restaurants", "PUT", ("favourites", name), token=token))


def a_user_removes_a_bookmark(driver: Driver, token: str | None, name: str) -> Answer:
    """DELETE /favourites/{name}."""
    return driver.send(Request("restaurants", "DELETE", ("favourites", name), token=token))


def a_user_lists_favourites(driver: Driver, token: str | None, *query: tuple[str, str]) -> Answer:
    """GET /favourites."""
    return driver.send(Request("restaurants", "GET", ("favourites",), query=query, token=token))


def a_user_orders(
    driver: Driver, token: str | None, body: object, headers: Mapping[str, str] | None = None
) -> Answer:
    """POST /orders with a body that is JSON, or bytes as they are."""
    return driver.send(
        Request("orders", "POST", ("orders",), headers=headers or {}, body=_content(body), token=token)
    )


def a_customer_orders_from(
    driver: Driver, customer: User, restaurant_name: str, *, idempotency_key: str | None = None
) -> Answer:
    """POST /orders for a restaurant."""
    headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
    return a_user_orders(driver, customer.id_token, {"restaurantName": restaurant_name}, headers)


def a_user_gets_an_order(driver: Driver, token: str | None, order_id: str) -> Answer:
    """GET /orders/{orderId}."""
    return driver.send(Request("orders", "GET", ("orders", order_id), token=token))


def a_user_answers_an_order(driver: Driver, token: str | None, order_id: str, answer: str) -> Answer:
    """POST /orders/{orderId}/accept, /reject or /cancel."""
    return driver.send(Request("orders", "POST", ("orders", order_id, answer), token=token))


def a_user_lists_orders(driver: Driver, token: str | None, *query: tuple[str, str]) -> Answer:
    """GET /orders."""
    return driver.send(Request("orders", "GET", ("orders",), query=query, token=token))


def a_user_lists_orders_of(driver: Driver, token: str | None, name: str, *query: tuple[str, str]) -> Answer:
    """GET /restaurants/{name}/orders."""
    path = ("restaurants", name, "orders")
    return driver.send(Request("orders", "GET", path, query=query, token=token))


def at_once(*requests: Callable[[], Answer]) -> list[Answer]:
    """Send requests at the same moment, and return their answers."""
    start = Barrier(len(requests))

    def send(request: Callable[[], Answer]) -> Answer:
        start.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def _if_match(tag: str | None) -> dict[str, str]:
    return {} if tag is None else {"If-Match": tag}


def _content(body: object) -> bytes | None:
    return body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
