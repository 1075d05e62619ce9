"""What is asked: the first page of each list, and one from its depth."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from restaurants.domain.find_restaurants import READS
from restaurants.domain.name_places import is_first_place, places_in, search_key
from service_kit.cursors import make_cursor

from benchmarks.growth.population import (
    FEW_OF_BOB,
    KITCHENS,
    MANY_OF_ADA,
    POPULAR,
    RARE,
    UNIQUE,
    Population,
)
from drivers.exchange import Answer, Request

FIRST, DEEP = "first", "deep"
# What costs more among more restaurants, and the read units at which that ends: half a unit for each of five
# reads of names that have the text, and for each of 21 names that are looked up for the theme.
BOUNDED = {"search by text and theme": 13.0}
Names = Callable[[Answer], list[str]]


@dataclass(frozen=True)
class Case:
    """One request that is measured at each size.

    Attributes:
        what: What is asked for.
        among: Of how many: of one, of a few, or of all.
        page: `first`, or `deep` for one half-way through.
        request: How it is asked for.
        shown: What an answer shows: names of restaurants, or ids of orders.
        expected: Those that it must show, in their order.
    """

    what: str
    among: str
    page: str
    request: Request
    shown: Names
    expected: list[str]


def cases(population: Population, page_size: int) -> Iterator[Case]:
    """Yield everything that is asked when there are so many restaurants, for pages of this size.

    The cursor of a deep page is made here, and not by reading all the pages before it, one after the other.
    """
    few, everything = list(population.few), range(population.restaurants)
    last = [population.restaurants - 1]
    for what, among, numbers, request, shown in (
        ("list", "all", everything, _list, _of_list),
        ("search", "one", last, _search(UNIQUE), _of_list),
        ("search", "few", few, _search(RARE), _of_list),
        ("search", "all", everything, _search(POPULAR), _of_list),
        ("favourites", "few", few, _favourites(FEW_OF_BOB), _of_page("favourites", "name")),
        ("favourites", "all", everything, _favourites(MANY_OF_ADA), _of_page("favourites", "name")),
    ):
        for page, start in _starts(numbers):
            cursor = make_cursor(population.name(numbers[start - 1])) if start else None
            expected = [population.name(number) for number in numbers[start : start + page_size]]
            yield Case(what, among, page, request(cursor, page_size), shown, expected)
    yield from _of_orders(population, page_size)
    yield from _by_text(population, page_size)


def _starts(numbers: Sequence[int]) -> list[tuple[str, int]]:
    """Return where the first page begins, and the deep one where there are several."""
    return [(FIRST, 0), (DEEP, len(numbers) // 2)] if len(numbers) > 1 else [(FIRST, 0)]


def _of_orders(population: Population, page_size: int) -> Iterator[Case]:
    for among, customer, numbers in (
        ("few", FEW_OF_BOB, population.few),
        ("all", MANY_OF_ADA, range(population.restaurants)),
    ):
        for what, path, sequence in (
            ("my orders", ("orders",), numbers[::-1]),
            ("a restaurant's orders", ("restaurants", KITCHENS[customer], "orders"), numbers),
        ):
            for page, start in _starts(sequence):
                query: tuple[tuple[str, str], ...] = ()
                if start:
                    before = sequence[start - 1]
                    place = population.placed_at(before), population.order_id(customer, before)
                    query = (("cursor", make_cursor(*place)),)
                asked = Request("orders", "GET", path, query=query, token=token_of(customer))
                ids = [
                    population.order_id(customer, number) for number in sequence[start : start + page_size]
                ]
                yield Case(what, among, page, asked, _of_page("orders", "orderId"), ids)


def _by_text(population: Population, page_size: int) -> Iterator[Case]:
    def case(what: str, among: str, page: str, text: str, numbers: Sequence[int], **query: str) -> Case:
        asked = {"text": text, "count": str(page_size), **query}
        request = Request("restaurants", "GET", ("restaurants", "search"), query=tuple(asked.items()))
        expected = [population.name(number) for number in numbers]
        return Case(what, among, page, request, _of_page("restaurants", "name"), expected)

    last = population.restaurants - 1
    what, text = "search by text", "restaurant"
    # A part of a name, from a letter in its middle on.
    yield case(what, "one", FIRST, population.name(last).removeprefix("Restau"), [last])
    for page, start in _starts(range(population.restaurants)):
        cursor = {"cursor": make_cursor(_place(population.name(start - 1), text))} if start else {}
        numbers = range(start, min(start + page_size, population.restaurants))
        yield case(what, "all", page, text, numbers, **cursor)
    found: list[int] = []
    looked_at = 0
    for _ in range(READS):
        names = range(looked_at, looked_at + page_size - len(found))
        found += [number for number in population.few if number in names]
        looked_at = names.stop
    yield case("search by text and theme", "few", FIRST, text, found, theme=RARE)


def _place(name: str, text: str) -> str:
    """Return where in a name a text is, as the catalogue keeps it."""
    return next(place for place in places_in(name) if is_first_place(place, search_key(text)))


def _list(cursor: str | None, count: int) -> Request:
    query = [("count", str(count)), *([("cursor", cursor)] if cursor else [])]
    return Request("restaurants", "GET", ("restaurants",), query=tuple(query), is_signed=True)


def _search(theme: str) -> Callable[[str | None, int], Request]:
    def request(cursor: str | None, count: int) -> Request:
        body = {"theme": theme, "count": count} | ({"cursor": cursor} if cursor else {})
        return Request(
            "restaurants",
            "POST",
            ("restaurants", "search"),
            body=json.dumps(body).encode(),
            token=token_of(FEW_OF_BOB),
        )

    return request


def _favourites(customer: str) -> Callable[[str | None, int], Request]:
    def request(cursor: str | None, _count: int) -> Request:
        query = (("cursor", cursor),) if cursor else ()
        return Request("restaurants", "GET", ("favourites",), query=query, token=token_of(customer))

    return request


def _of_list(answer: Answer) -> list[str]:
    return [restaurant["name"] for restaurant in answer.json()]


def _of_page(of: str, name: str) -> Names:
    return lambda answer: [shown[name] for shown in answer.json()[of]]


def token_of(customer: str) -> str:
    """Return an unsigned ID token: API Gateway, which would check it, is not called here."""
    claims: dict[str, Any] = {
        "sub": customer,
        "token_use": "id",
        "cognito:username": customer,
        "email": f"{customer}@example.com",
        "email_verified": True,
    }
    encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"growth.{encoded}.growth"
