"""Searching restaurants by theme."""

import json

import pytest
from botocore.stub import Stubber

from restaurants.domain.search_restaurants import search_restaurants, searcher_pseudonym
from restaurants.handlers.search_restaurants import LongPages, SearchConfig, handle
from service_kit.cursors import make_cursor
from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, restaurant

CARTOONS = ("Don Cuco", "Fancy Eats", "Lil' Bits")


def filled() -> FakeCatalogue:
    return FakeCatalogue(
        restaurant("Pizza Planet", "netflix", "toy story"),
        *(restaurant(name, "cartoon", "Rick and Morty") for name in reversed(CARTOONS)),
    )


def names(theme: str, count: int = 10) -> list[str]:
    return [found.name for found in search_restaurants(filled(), theme=theme, count=count).restaurants]


class TestTheDomain:
    def test_gives_the_first_restaurants_of_a_theme_by_name(self) -> None:
        assert names("cartoon", 2) == ["Don Cuco", "Fancy Eats"]

    def test_gives_the_next_restaurants_behind_the_last_one(self) -> None:
        first = search_restaurants(filled(), theme="cartoon", count=2)
        second = search_restaurants(filled(), theme="cartoon", after=first.last, count=2)
        assert ([found.name for found in second.restaurants], second.last) == (["Lil' Bits"], None)

    def test_gives_no_restaurant_of_another_theme(self) -> None:
        assert names("toy story") == ["Pizza Planet"]

    @pytest.mark.parametrize("theme", ["rick and morty", "RICK AND MORTY", " Rick  and\tMorty "])
    def test_does_not_mind_case_and_spaces(self, theme: str) -> None:
        assert names(theme) == list(CARTOONS)

    def test_gives_none_for_an_unknown_theme(self) -> None:
        assert names("western") == []

    def test_does_not_find_a_theme_by_a_part_of_it(self) -> None:
        assert names("cart") == []


class TestThePseudonym:
    def test_is_the_same_for_the_same_customer(self) -> None:
        assert searcher_pseudonym("ada", "secret") == searcher_pseudonym("ada", "secret")

    def test_is_another_for_another_customer(self) -> None:
        assert searcher_pseudonym("ada", "secret") != searcher_pseudonym("bob", "secret")

    def test_cannot_be_computed_without_the_secret(self) -> None:
        assert searcher_pseudonym("ada", "secret") != searcher_pseudonym("ada", "guessed")

    def test_stays_the_same_from_one_release_to_the_next(self) -> None:
        assert searcher_pseudonym("ada", "secret") == "3c30486140e27f6f"

    def test_does_not_show_the_customer(self) -> None:
        assert "ada" not in searcher_pseudonym("ada", "secret")


def post(body: object, *, caller: str | None = "ada") -> Reply:
    return call(handle, rest_event(body, caller=caller))


@pytest.mark.usefixtures("eight_by_default", "search_secret")
class TestTheEndpoint:
    def test_answers_in_the_shape_of_the_list(self, catalogue: FakeCatalogue) -> None:
        catalogue.put(restaurant("Pizza Planet", "netflix", "toy story", image="pizza-planet"))
        catalogue.put(restaurant("Fangtasia", "true blood"))
        reply = post({"theme": "Netflix"})
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
        assert reply.document == [
            {
                "name": "Pizza Planet",
                "image": "https://restaurants.example/test/assets/images/pizza-planet.svg",
                "themes": ["netflix", "toy story"],
            }
        ]

    def test_answers_an_unknown_theme_an_empty_list(self, catalogue: FakeCatalogue) -> None:
        reply = post({"theme": "western"})
        assert (reply.status, reply.document) == (200, [])

    @pytest.mark.parametrize(("theme", "expected"), [("western", [1.0]), ("netflix", None)])
    def test_counts_a_search_without_result(
        self,
        catalogue: FakeCatalogue,
        theme: str,
        expected: list[float] | None,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        catalogue.put(restaurant("Pizza Planet", "netflix"))
        post({"theme": theme})
        post({"theme": theme, "cursor": make_cursor("Pizza Planet")})
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        counted = [line["SearchesWithoutResult"] for line in lines if "SearchesWithoutResult" in line]
        assert counted == ([expected] if expected else [])

    def test_answers_as_many_as_operators_configured_by_default(self, catalogue: FakeCatalogue) -> None:
        for index in range(9):
            catalogue.put(restaurant(str(index), "cartoon"))
        assert len(post({"theme": "cartoon"}).document) == 8

    def test_answers_as_many_as_asked_for(self, catalogue: FakeCatalogue) -> None:
        for index in range(9):
            catalogue.put(restaurant(str(index), "cartoon"))
        assert len(post({"theme": "cartoon", "count": 9}).document) == 9

    def test_answers_longer_pages_to_customers_of_the_trial_only(self, catalogue: FakeCatalogue) -> None:
        for index in range(9):
            catalogue.put(restaurant(str(index), "cartoon"))
        trial = LongPages(users=frozenset({"ada"}))
        config = SearchConfig(defaultResults=2, longPages=trial, longPageResults=5)
        with override_parameters(handle, config=config):
            lengths = [len(post({"theme": "cartoon"}, caller=who).document) for who in ("ada", "bob")]
        assert lengths == [5, 2]

    def test_leads_page_by_page_through_all_of_a_theme(self, catalogue: FakeCatalogue) -> None:
        for index in range(5):
            catalogue.put(restaurant(str(index), "cartoon"))
        pages = [post({"theme": "cartoon", "count": 2})]
        while cursor := pages[-1].headers.get("x-next-cursor"):
            pages.append(post({"theme": "cartoon", "count": 2, "cursor": cursor}))
        shown = [[found["name"] for found in page.document] for page in pages]
        assert shown == [["0", "1"], ["2", "3"], ["4"]]

    @pytest.mark.parametrize("cursor", ["", "made up", 1, "x" * 601])
    def test_answers_400_that_names_a_bad_cursor(self, catalogue: FakeCatalogue, cursor: object) -> None:
        reply = post({"theme": "cartoon", "cursor": cursor})
        assert (reply.status, reply.bad_fields) == (400, [("body", "cursor")])

    @pytest.mark.parametrize(
        ("count", "reason"),
        [(0, "from 1 to 50"), (51, "from 1 to 50"), ("8", "valid integer"), (True, "valid integer")],
    )
    def test_answers_400_that_names_a_bad_count_and_its_bounds(
        self, catalogue: FakeCatalogue, count: object, reason: str
    ) -> None:
        reply = post({"theme": "cartoon", "count": count})
        assert (reply.status, reply.bad_fields) == (400, [("body", "count")])
        assert reason in reply.document["errors"][0]["message"]

    @pytest.mark.parametrize("body", [{}, {"theme": ""}, {"theme": " "}, {"theme": 1}, {"theme": "x" * 61}])
    def test_answers_400_that_names_a_bad_theme(
        self, catalogue: FakeCatalogue, body: dict[str, object]
    ) -> None:
        reply = post(body)
        assert (reply.status, reply.bad_fields) == (400, [("body", "theme")])
        assert reply.document["requestId"] == "gateway-request"

    def test_names_all_bad_fields_at_once(self, catalogue: FakeCatalogue) -> None:
        assert post({"theme": "", "count": 0}).bad_fields == [("body", "theme"), ("body", "count")]

    @pytest.mark.parametrize("body", [None, "", "{", "[]", "null"])
    def test_answers_400_for_what_is_no_document(self, catalogue: FakeCatalogue, body: str | None) -> None:
        assert post(body).status == 400

    def test_answers_401_when_nobody_is_signed_in(self, catalogue: FakeCatalogue) -> None:
        assert post({"theme": "cartoon"}, caller=None).status == 401

    def test_logs_the_search_under_a_pseudonym(
        self, catalogue: FakeCatalogue, capsys: pytest.CaptureFixture[str]
    ) -> None:
        customer_id = "0b8f7a52-3f2c-4d0e-9c39-4d5e1f6a7b8c"
        post({"theme": "cartoon"}, caller=customer_id)
        logged = capsys.readouterr().out
        assert searcher_pseudonym(customer_id, "a secret") in logged
        assert customer_id not in logged
        assert "a secret" not in logged


@pytest.mark.usefixtures("catalogue")
def test_a_stage_without_the_secret_answers_503_and_the_log_says_what_makes_it(
    ssm: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in ("config", "secretString"):
        ssm.add_client_error("get_parameter", "ParameterNotFound")
    reply = post({"theme": "cartoon"})
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    assert "stagectl configure --stage test" in capsys.readouterr().out


def test_its_configuration_and_its_secret_are_its_own() -> None:
    parameters = handle.contract.parameters
    assert parameters["config"].path == "/restaurants/test/search-restaurants/config"
    assert parameters["secret"].path == "/restaurants/test/search-restaurants/secretString"
