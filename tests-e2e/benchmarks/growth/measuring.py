"""The measurement: every request at every size, in turn, round by round."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from benchmarks.growth.cases import FIRST, Case, cases
from benchmarks.growth.database import Database, shape_of
from benchmarks.growth.functions import Functions, Reading, Tables
from benchmarks.growth.population import Population
from benchmarks.growth.usual_catalogue import UsualCatalogue

T = TypeVar("T")

OWN, USUAL = "own", "usual"
PAGE_SIZE = 5
PAGE_SIZES = (1, 5, 10, 25, 50)
# They are slow, and none of them is close.
USUAL_ROUNDS = 3
USUAL_SHAPE = {
    "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@dataclass(frozen=True)
class Subject:
    """What is measured: a request, and which implementation answers it."""

    implementation: str
    what: str
    among: str
    page: str


@dataclass
class Figures:
    """What a request took at one size, over all rounds."""

    read_units: float
    read_bytes: int
    calls: int
    milliseconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one of the times, in milliseconds."""
        return statistics.median(self.milliseconds)


Measured = dict[Subject, dict[int, Figures]]
Progress = Callable[[str], None]


class Laboratory:
    """Holds tables of several sizes and measures on them.

    Args:
        database: Where the tables are made.
        sizes: How many restaurants there are, for each set of tables.
        progress: Told what happens.
    """

    def __init__(self, database: Database, sizes: Sequence[int], progress: Progress) -> None:
        self._database = database
        self._populations = [Population(size) for size in sizes]
        self._progress = progress
        self._functions = Functions(database.endpoint)

    def fill(self) -> None:
        """Make the tables."""
        for population in self._populations:
            size = population.restaurants
            self._progress(f"filling the tables of {size:,} restaurants")
            tables = tables_of(size)
            for table, shape, items in (
                (
                    tables.restaurants,
                    shape_of("restaurants", "table.yml", "RestaurantsTable"),
                    population.listed_restaurants(),
                ),
                (
                    tables.favourites,
                    shape_of("restaurants", "favourites-table.yml", "FavouritesTable"),
                    population.favourites(),
                ),
                (tables.orders, shape_of("orders", "table.yml", "OrdersTable"), population.orders()),
                (usual_table_of(size), USUAL_SHAPE, population.bare_restaurants()),
            ):
                self._database.create(table, shape)
                self._database.fill(table, items)

    def by_size(self, rounds: int) -> Measured:
        """Ask for everything at every size, for pages of the same size."""
        measured: Measured = {}
        for number in range(rounds):
            self._progress(f"round {number + 1} of {rounds}")
            for population in _rotated(self._populations, number):
                for subject, reading in self._own(population, PAGE_SIZE):
                    _note(measured, subject, population.restaurants, reading)
        # Afterwards: a long scan keeps the database busy for a while.
        for number in range(min(rounds, USUAL_ROUNDS)):
            self._progress(f"the usual search, round {number + 1}")
            for population in self._populations:
                for subject, reading in self._usual(population):
                    _note(measured, subject, population.restaurants, reading)
        return measured

    def by_page(self, rounds: int) -> Measured:
        """Ask for the first pages of the longest lists, for pages of several sizes."""
        measured: Measured = {}
        for number in range(rounds):
            self._progress(f"pages, round {number + 1} of {rounds}")
            for page_size in _rotated(PAGE_SIZES, number):
                for subject, reading in self._own(self._populations[-1], page_size):
                    if (subject.among, subject.page) == ("all", FIRST):
                        _note(measured, subject, page_size, reading)
        return measured

    def _own(self, population: Population, page_size: int) -> Iterator[tuple[Subject, Reading]]:
        asked = list(cases(population, page_size))
        with self._functions.on(tables_of(population.restaurants), page_size=page_size):
            self._warm_up(asked)
            for case in asked:
                reading = self._functions.read(case.request)
                if (shown := case.shown(reading.answer)) != case.expected:
                    raise RuntimeError(f"{case.request.target} showed {shown}, not {case.expected}")
                yield Subject(OWN, case.what, case.among, case.page), reading

    def _usual(self, population: Population) -> Iterator[tuple[Subject, Reading]]:
        asked = [case for case in cases(population, PAGE_SIZE) if (case.what, case.page) == ("search", FIRST)]
        catalogue = UsualCatalogue(usual_table_of(population.restaurants))
        tables = tables_of(population.restaurants)
        with self._functions.on(tables, page_size=PAGE_SIZE, catalogue=catalogue):
            for case in asked:
                reading = self._functions.read(case.request)
                if len(case.shown(reading.answer)) != len(case.expected):
                    raise RuntimeError(f"the usual search found {case.shown(reading.answer)}")
                yield Subject(USUAL, case.what, case.among, case.page), reading

    def _warm_up(self, asked: Sequence[Case]) -> None:
        """Let settings and connections be made, which on Lambda happens once."""
        for case in {case.what: case for case in asked}.values():
            self._functions.read(case.request)


def tables_of(size: int) -> Tables:
    """Return the names of the tables of so many restaurants."""
    return Tables(f"restaurants-{size}", f"orders-{size}", f"favourites-{size}")


def usual_table_of(size: int) -> str:
    """Return the name of the usual table of so many restaurants."""
    return f"usual-{size}"


def _rotated(sizes: Sequence[T], by: int) -> list[T]:
    """Begin with another one each time, so that none always comes after the same."""
    return [*sizes[by % len(sizes) :], *sizes[: by % len(sizes)]]


def _note(measured: Measured, subject: Subject, size: int, reading: Reading) -> None:
    figures = measured.setdefault(subject, {}).setdefault(size, _figures(reading))
    if figures.read_units != reading.read_units:
        raise RuntimeError(f"{subject} at {size} read {reading.read_units} units after {figures.read_units}")
    figures.milliseconds.append(reading.milliseconds)


def _figures(reading: Reading) -> Figures:
    return Figures(reading.read_units, reading.read_bytes, reading.calls)
