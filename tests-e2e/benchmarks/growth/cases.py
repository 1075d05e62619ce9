"""What is asked: the first page of each list, and one from its depth."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service_kit.cursors import make_cursor

from benchmarks.growth.population import FEW_OF_BOB, MANY_OF_ADA, POPULAR, RARE, UNIQUE, Population
from drivers.exchange import Answer, Request

FIRST, DEEP = "first", "deep"
Names = Callable[[Answer], list[str]]


@dataclass(frozen=True)
class Case:
    """One request that is measured at each size.

    Attributes:
        what: What is asked for.
        among: Of how many: of one, of a few, or of all.
        page: `first`, or `deep` for one half-way through.
        request: How it is asked for.
        shown: The names of restaurants that an answer shows.
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
    yield from _my_orders("few", population, FEW_OF_BOB, few, page_size)
    yield from _my_orders("all", population, MANY_OF_ADA, everything, page_size)


def _starts(numbers: Sequence[int]) -> list[tuple[str, int]]:
    """Return where the first page begins, and the deep one where there are several."""
    return [(FIRST, 0), (DEEP, len(numbers) // 2)] if len(numbers) > 1 else [(FIRST, 0)]


def _my_orders(
    among: str, population: Population, customer: str, numbers: Sequence[int], page_size: int
) -> Iterator[Case]:
    newest_first = numbers[::-1]
    for page, start in _starts(numbers):
        query: tuple[tuple[str, str], ...] = ()
        if start:
            before = newest_first[start - 1]
            place = population.placed_at(before), population.order_id(customer, before)
            query = (("cursor", make_cursor(*place)),)
        request = Request("orders", "GET", ("orders",), query=query, token=token_of(customer))
        expected = [population.name(number) for number in newest_first[start : start + page_size]]
        yield Case("my orders", among, page, request, _of_page("orders", "restaurantName"), expected)


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
    claims: dict[str, Any] = {"sub": customer, "token_use": "id", "cognito:username": customer}
    encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"growth.{encoded}.growth"
