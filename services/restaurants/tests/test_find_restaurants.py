"""Finding restaurants by a part of their name and by theme."""

import pytest

from restaurants.domain import find_restaurants as module
from restaurants.domain.find_restaurants import find_restaurants
from restaurants.domain.models import NamePage
from restaurants.handlers.find_restaurants import handle
from service_kit.cursors import make_cursor
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, restaurant

pytestmark = pytest.mark.usefixtures("eight_by_default")


@pytest.fixture(autouse=True)
def catalogue_of_four(catalogue: FakeCatalogue) -> None:
    for name, theme in (
        ("Pizza Planet", "Netflix"),
        ("Banana Bar", "fruit"),
        ("Planet Fruit", "fruit"),
        ("Don Cuco", "cartoon"),
    ):
        catalogue.put(restaurant(name, theme, image="don-cuco"))


def get(**query: str) -> Reply:
    return call(handle, rest_event(query=query))


def found(**query: str) -> list[str]:
    return [one["name"] for one in get(**query).document["restaurants"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"text": "planet"}, ["Pizza Planet", "Planet Fruit"]),
        ({"text": " PLANET  f"}, ["Planet Fruit"]),
        ({"text": "an"}, ["Banana Bar", "Pizza Planet", "Planet Fruit"]),
        ({"theme": "FRUIT"}, ["Banana Bar", "Planet Fruit"]),
        ({"text": "planet", "theme": "fruit"}, ["Planet Fruit"]),
        ({"text": "planet", "theme": ""}, ["Pizza Planet", "Planet Fruit"]),
        ({"text": "", "theme": "netflix"}, ["Pizza Planet"]),
        ({"text": "fruit", "theme": "netflix"}, []),
        ({"theme": "fru"}, []),
        ({"text": "%"}, []),
        ({"text": "🍔"}, []),
        ({"text": "שלום"}, []),
        ({"text": "x" * 100}, []),
    ],
)
def test_the_endpoint_finds_by_text_and_theme(query: dict[str, str], names: list[str]) -> None:
    assert found(**query) == names


@pytest.mark.parametrize(("text", "times"), [("🍔", 1), ("planet", 0)])
def test_a_search_without_result_is_counted(
    text: str, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    get(text=text)
    assert capsys.readouterr().out.count('"SearchesWithoutResult":[1.0]') == times


def test_an_empty_page_before_others_is_no_search_without_result(
    catalogue: FakeCatalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue.names_with = lambda *_, **__: NamePage(names=["Gone"], last="gone")  # type: ignore[method-assign]
    assert get(text="o").document["nextCursor"]
    assert "SearchesWithoutResult" not in capsys.readouterr().out


@pytest.mark.parametrize("query", [{}, {"text": ""}, {"text": "  ", "theme": " "}])
def test_without_text_and_theme_all_are_found(query: dict[str, str]) -> None:
    assert found(**query) == ["Banana Bar", "Don Cuco", "Pizza Planet", "Planet Fruit"]


def test_the_endpoint_answers_restaurants_as_the_list_does() -> None:
    assert get(text="cuco").document == {
        "restaurants": [
            {
                "name": "Don Cuco",
                "image": "https://restaurants.example/test/assets/images/don-cuco.svg",
                "themes": ["cartoon"],
            }
        ],
        "nextCursor": None,
    }


@pytest.mark.parametrize("query", [{"text": "a"}, {"theme": "fruit"}, {"text": "an", "theme": "fruit"}, {}])
def test_pages_lead_through_all_once(catalogue: FakeCatalogue, query: dict[str, str]) -> None:
    for number in range(9):
        catalogue.put(restaurant(f"Banana {number}", "fruit"))
    whole = found(**query, count="50")
    pages = [get(**query, count="2").document]
    while cursor := pages[-1]["nextCursor"]:
        pages.append(get(**query, count="2", cursor=cursor).document)
    names = [one["name"] for page in pages for one in page["restaurants"]]
    assert sorted(names) == whole
    assert max(len(page["restaurants"]) for page in pages) == 2


def test_a_name_without_a_restaurant_is_left_out_of_its_page(catalogue: FakeCatalogue) -> None:
    pages = iter(
        [NamePage(names=["Gone", "Don Cuco"], last="don"), NamePage(names=["Banana Bar"], last=None)]
    )
    catalogue.names_with = lambda *_, **__: next(pages)  # type: ignore[method-assign]
    assert found(text="o", count="2") == ["Banana Bar", "Don Cuco"]


def test_a_page_reads_a_bounded_number_of_names(
    catalogue: FakeCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        catalogue.put(restaurant(f"Banana {number:02}", "fruit"))
    catalogue.put(restaurant("Banana 30", "rare"))
    monkeypatch.setattr(module, "READS", 3)

    page = find_restaurants(catalogue, text="banana", theme="rare", count=2)

    assert page.restaurants == []
    assert page.last is not None
    assert page.last.startswith("banana 05")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"text": "x" * 101}, "text"),
        ({"text": "x" * 200}, "text"),
        ({"text": "a\u200bb"}, "text"),
        ({"text": "\u202eab"}, "text"),
        ({"text": "\u0301"}, "text"),
        ({"theme": "x" * 61}, "theme"),
        ({"theme": "\u0000"}, "theme"),
        ({"count": "0"}, "count"),
        ({"count": "51"}, "count"),
        ({"count": "many"}, "count"),
        ({"cursor": "made up"}, "cursor"),
        ({"cursor": "x" * 801}, "cursor"),
        ({"text": "pizza", "cursor": make_cursor("Don Cuco")}, "cursor"),
    ],
)
def test_the_endpoint_answers_400_that_names_what_is_bad(query: dict[str, str], field: str) -> None:
    reply = get(**query)
    assert (reply.status, reply.bad_fields) == (400, [("query", field)])


def test_a_place_in_the_longest_name_fits_a_cursor(catalogue: FakeCatalogue) -> None:
    for last in "🍔🍟":
        catalogue.put(restaurant("🍔" * 99 + last))
    first = get(text="🍔", count="1").document
    assert [one["name"] for one in first["restaurants"]] != []
    assert found(text="🍔", count="1", cursor=first["nextCursor"]) != []


def test_no_sign_in_is_asked_for_and_one_does_not_hurt() -> None:
    assert call(handle, rest_event(caller="ada", query={"text": "cuco"})).status == 200
