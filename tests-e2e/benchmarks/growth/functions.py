"""The functions that answer with pages, in this process, and a meter of what they read."""

import contextlib
import io
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any
from unittest import mock

from orders import wiring as of_orders
from orders.adapters.order_table import OrderTable
from restaurants import wiring as of_restaurants
from restaurants.adapters.favourite_table import FavouriteTable
from restaurants.adapters.restaurant_table import RestaurantTable
from service_kit import aws
from service_kit.settings import clear_settings
from stagectl.checkout.routes import Authorizer, Route

from benchmarks.cold_start.fake_aws import serve
from benchmarks.item_size import item_bytes, read_units
from drivers.exchange import Answer, Request
from drivers.function_process import LambdaContext
from drivers.proxy_event import proxy_event
from drivers.routes import path_parameters

LARGEST_PAGE = 50
CONTEXT = LambdaContext("growth", "arn:aws:lambda:us-east-1:000000000000:function:growth", 512)
ENVIRONMENT = {
    "POWERTOOLS_SERVICE_NAME": "growth",
    "STAGE": "growth",
    "SERVICE_URL": "https://restaurants.example",
    "TABLE_NAME": "unused",
    "MAX_COUNT": str(LARGEST_PAGE),
    # As long as anything here takes.
    "PARAMETERS_MAX_AGE_SECONDS": "3600",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "growth",
    "AWS_SECRET_ACCESS_KEY": "growth",
    "AWS_EC2_METADATA_DISABLED": "true",
}
HANDLERS = {
    Route(
        "get-restaurants", "GET", "/restaurants", Authorizer.AWS_IDENTITY
    ): "restaurants.handlers.get_restaurants",
    Route(
        "search-restaurants", "POST", "/restaurants/search", Authorizer.POOL_USER
    ): "restaurants.handlers.search_restaurants",
    Route(
        "get-favourites", "GET", "/favourites", Authorizer.POOL_USER
    ): "restaurants.handlers.get_favourites",
    Route(
        "find-restaurants", "GET", "/restaurants/search", Authorizer.NOBODY_ASKED
    ): "restaurants.handlers.find_restaurants",
    Route("list-orders", "GET", "/orders", Authorizer.POOL_USER): "orders.handlers.list_orders",
    Route(
        "list-restaurant-orders", "GET", "/restaurants/{name}/orders", Authorizer.POOL_USER
    ): "orders.handlers.list_restaurant_orders",
}


class CountedTwiceError(Exception):
    """What the database says that a read cost is not what follows from the sizes of the items.

    Once for eventually consistent reads, twice for consistent ones.
    """


@dataclass(frozen=True)
class Reading:
    """One request: how long the function took, and what it read of DynamoDB."""

    answer: Answer
    milliseconds: float
    read_units: float
    read_bytes: int
    calls: int


@dataclass(frozen=True)
class Tables:
    """The names of the tables that functions work on."""

    restaurants: str
    orders: str
    favourites: str


class Functions:
    """The functions' handlers, on the database that listens at `endpoint`; make one in a process.

    Requests go through the whole handler, as API Gateway would send them: parsing, the domain, the adapter,
    the SDK over HTTP, validation of the answer. What is left out is API Gateway and Lambda, and the question
    who is staff, whose share does not depend on any of the tables; a loopback SSM answers once.
    """

    def __init__(self, endpoint: str) -> None:
        parameters = serve(None).url
        os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL_DYNAMODB=endpoint, AWS_ENDPOINT_URL_SSM=parameters)
        self._handlers = {route: import_module(module).handle for route, module in HANDLERS.items()}
        self._meter = _Meter(aws.session())

    @contextmanager
    def on(self, tables: Tables, *, page_size: int, catalogue: Any = None) -> Iterator[None]:
        """Let the functions work on these tables, with pages of this size where callers do not say.

        Args:
            tables: Which tables.
            page_size: Items of a page of orders or favourites.
            catalogue: What lists and finds restaurants, in place of the service's own.
        """
        own = RestaurantTable(tables.restaurants) if catalogue is None else catalogue
        favourites, orders = FavouriteTable(tables.favourites), OrderTable(tables.orders)
        names = {"FAVOURITES_TABLE_NAME": tables.favourites, "PAGE_SIZE": str(page_size)}
        with ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, names))
            stack.enter_context(
                mock.patch.dict(vars(of_restaurants), catalogue=lambda: own, favourites=lambda: favourites)
            )
            stack.enter_context(mock.patch.dict(vars(of_orders), orders=lambda: orders, staff=_Everybody))
            clear_settings()
            yield

    def read(self, request: Request) -> Reading:
        """Answer one request and give what it took.

        Raises:
            RuntimeError: the answer is not 200.
            CountedTwiceError: the database miscounted.
        """
        route = next(
            route
            for route in self._handlers
            if route.method == request.method and path_parameters(route, request.segments) is not None
        )
        event = proxy_event(request, route, "growth")
        # Every request is logged, here to nowhere.
        with contextlib.redirect_stdout(io.StringIO()), self._meter.counting() as count:
            since = time.perf_counter()
            answered = self._handlers[route](event, CONTEXT)
            took = time.perf_counter() - since
        headers = {name.lower(): str(value) for name, value in answered["headers"].items()}
        answer = Answer(request, answered["statusCode"], headers, answered["body"].encode())
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{request.method} {request.target} answered {answer.status}: {answer.text}")
        return Reading(answer, took * 1000, count.units, count.size_bytes, count.calls)


class _Everybody:
    """The staff of any restaurant."""

    def is_staff(self, _restaurant_name: str, _email: str) -> bool:
        return True


@dataclass
class _Count:
    units: float = 0
    size_bytes: int = 0
    calls: int = 0


class _Meter:
    """Asks DynamoDB to say what each read costs, and adds up what it says."""

    def __init__(self, session: Any) -> None:
        self._count = _Count()
        # Clients that are made from now on inherit these.
        session.events.register("before-parameter-build.dynamodb", _ask)
        session.events.register("after-call.dynamodb", self._note)

    @contextmanager
    def counting(self) -> Iterator[_Count]:
        """Restart the count, until the end of the block."""
        self._count = _Count()
        yield self._count

    def _note(self, parsed: dict[str, Any], model: Any, **_about: Any) -> None:
        told = parsed["ConsumedCapacity"]
        units = sum(table["CapacityUnits"] for table in (told if isinstance(told, list) else [told]))
        items = _items(parsed)
        # A scan gives back less than it has read.
        if model.name != "Scan" and units not in {(expected := _units(model.name, items)), 2 * expected}:
            raise CountedTwiceError(f"{model.name} cost {units} units; by the items it would be {expected}")
        self._count.units += units
        self._count.size_bytes += sum(map(item_bytes, items))
        self._count.calls += 1


def _ask(params: dict[str, Any], **_about: Any) -> None:
    params["ReturnConsumedCapacity"] = "TOTAL"


def _items(parsed: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "Items" in parsed:
        return list(parsed["Items"])
    return [item for items in parsed["Responses"].values() for item in items]


def _units(action: str, items: Sequence[dict[str, Any]]) -> float:
    """Return what an eventually consistent read of these items costs: a batch rounds up for each of them."""
    sizes = list(map(item_bytes, items))
    parts = sizes if action == "BatchGetItem" else [sum(sizes)]
    return sum(read_units(size, is_consistent=False) for size in parts)
