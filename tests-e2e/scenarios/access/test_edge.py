"""A stage behind an edge: one host for everything, and no way around it."""

import time
from typing import Any

import httpx
import pytest

from drivers.exchange import Driver
from drivers.over_http import on_this_machine
from steps.given import User
from steps.shop import when
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.edge]

PUBLIC = [("web", "/"), ("web", "/restaurant"), ("restaurants", "/restaurants/search")]


@pytest.fixture
def edge_url(stage: Stage) -> str:
    assert stage.edge_url
    return stage.edge_url


def through(edge_url: str, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    url, sent = on_this_machine(edge_url + path, headers)
    return httpx.request(method, url, headers=sent, timeout=30, trust_env=False)


@pytest.mark.parametrize(("service", "path"), PUBLIC)
def test_an_api_refuses_a_direct_call_of_what_is_public(stage: Stage, service: str, path: str) -> None:
    assert httpx.get(stage.service_url(service) + path, timeout=30, trust_env=False).status_code == 403


def test_an_api_refuses_a_direct_call_of_a_customer(stage: Stage, customer: User) -> None:
    headers = {"authorization": customer.id_token}

    direct = httpx.get(f"{stage.service_url('orders')}/orders", headers=headers, trust_env=False)

    assert direct.status_code == 403


def test_a_customer_orders_through_the_edge(driver: Driver, customer: User) -> None:
    placed = when.a_user_orders(driver, customer.id_token, {"restaurantName": "Fangtasia"})

    assert placed.status == 200


def test_the_landing_page_and_the_public_search_are_kept_for_seconds(edge_url: str) -> None:
    for path in ("/", "/api/restaurants/restaurants/search"):
        deadline = time.monotonic() + 30
        while (answer := through(edge_url, path)).headers["x-cache"] != "Hit from cloudfront":
            assert time.monotonic() < deadline, path
        assert int(answer.headers["age"]) <= 5
        assert "x-correlation-id" not in answer.headers


def test_a_search_is_kept_apart_from_others(edge_url: str) -> None:
    search = "/api/restaurants/restaurants/search?text="

    found: list[Any] = [through(edge_url, search + text).json()["restaurants"] for text in ("cuco", "bits")]

    assert [[one["name"] for one in names] for names in found] == [["Don Cuco"], ["Lil' Bits"]]


def test_what_belongs_to_one_person_is_never_kept(edge_url: str, customer: User) -> None:
    answers = [through(edge_url, "/api/orders/orders", authorization=customer.id_token) for _ in range(2)]

    assert [answer.headers["x-cache"] for answer in answers] == ["Miss from cloudfront"] * 2
    assert through(edge_url, "/api/orders/orders").status_code == 401


def test_every_answer_has_the_security_headers(edge_url: str) -> None:
    for path in ("/", "/api/orders/orders", "/nothing"):
        headers = through(edge_url, path).headers
        assert headers["strict-transport-security"] == "max-age=63072000", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["referrer-policy"] == "no-referrer", path
