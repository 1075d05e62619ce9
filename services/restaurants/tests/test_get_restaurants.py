"""Listing restaurants."""

import pytest
from botocore.stub import Stubber

from restaurants.handlers.get_restaurants import handle
from restaurants.handlers.pages import ResultsConfig
from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, restaurant


def get(count: str | None = None, **query: str) -> Reply:
    asked = query if count is None else {"count": count, **query}
    return call(handle, rest_event(query=asked or None))


def fill(catalogue: FakeCatalogue, number: int) -> None:
    for index in range(number):
        catalogue.put(restaurant(f"{index:03}"))


@pytest.mark.usefixtures("eight_by_default")
class TestTheEndpoint:
    def test_answers_names_themes_and_images_that_a_browser_can_load(self, catalogue: FakeCatalogue) -> None:
        catalogue.put(restaurant("Fangtasia", "true blood", image="fangtasia"))
        reply = get()
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
        assert reply.document == [
            {
                "name": "Fangtasia",
                "image": "https://restaurants.example/test/assets/images/fangtasia.svg",
                "themes": ["true blood"],
            }
        ]

    def test_answers_an_empty_catalogue_an_empty_list(self, catalogue: FakeCatalogue) -> None:
        assert get().document == []

    def test_answers_as_many_as_operators_configured_by_default(self, catalogue: FakeCatalogue) -> None:
        fill(catalogue, 9)
        assert len(get().document) == 8

    @pytest.mark.parametrize("count", [1, 9, 50])
    def test_answers_as_many_as_asked_for(self, catalogue: FakeCatalogue, count: int) -> None:
        fill(catalogue, 60)
        assert len(get(str(count)).document) == count

    def test_answers_all_when_there_are_fewer_than_asked_for(self, catalogue: FakeCatalogue) -> None:
        fill(catalogue, 3)
        assert len(get("50").document) == 3

    @pytest.mark.parametrize(
        ("count", "reason"),
        [
            ("0", "from 1 to 50"),
            ("-1", "from 1 to 50"),
            ("51", "from 1 to 50"),
            ("1.5", "valid integer"),
            ("many", "valid integer"),
            ("", "valid integer"),
        ],
    )
    def test_answers_400_that_names_a_bad_count_and_its_bounds(
        self, catalogue: FakeCatalogue, count: str, reason: str
    ) -> None:
        reply = get(count)
        assert reply.status == 400
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.bad_fields == [("query", "count")]
        assert reason in reply.document["errors"][0]["message"]
        assert reply.document["requestId"] == "gateway-request"

    def test_leads_page_by_page_through_all(self, catalogue: FakeCatalogue) -> None:
        for name in ("004", "000", "003", "001", "002"):
            catalogue.put(restaurant(name))
        pages = [get("2")]
        while cursor := pages[-1].headers.get("x-next-cursor"):
            pages.append(get("2", cursor=cursor))
        shown = [[found["name"] for found in page.document] for page in pages]
        assert shown == [["000", "001"], ["002", "003"], ["004"]]

    def test_lets_scripts_of_other_origins_read_where_to_go_on(
        self, catalogue: FakeCatalogue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CORS_ALLOWED_ORIGIN", "*")
        assert "x-next-cursor" in get().headers["access-control-expose-headers"]

    @pytest.mark.parametrize("cursor", ["", "made up", "x" * 601])
    def test_answers_400_that_names_a_bad_cursor(self, catalogue: FakeCatalogue, cursor: str) -> None:
        reply = get(cursor=cursor)
        assert (reply.status, reply.bad_fields) == (400, [("query", "cursor")])

    def test_answers_400_for_a_count_that_is_given_twice(self, catalogue: FakeCatalogue) -> None:
        asked = rest_event(query={"count": "2"})
        asked["multiValueQueryStringParameters"] = {"count": ["1", "2"]}
        reply = call(handle, asked)
        assert (reply.status, reply.bad_fields) == (400, [("query", "count")])


def test_a_default_above_the_quota_is_cut_to_the_quota(catalogue: FakeCatalogue) -> None:
    fill(catalogue, 60)
    with override_parameters(handle, config=ResultsConfig(defaultResults=55)):
        assert len(get().document) == 50


def test_a_stage_that_nobody_configured_answers_eight(catalogue: FakeCatalogue, ssm: Stubber) -> None:
    fill(catalogue, 9)
    ssm.add_client_error("get_parameter", "ParameterNotFound")
    assert len(get().document) == 8


@pytest.mark.parametrize("count", [None, "2"])
@pytest.mark.usefixtures("catalogue")
def test_configuration_that_was_never_read_is_503_and_the_log_names_the_parameter(
    ssm: Stubber, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], count: str | None
) -> None:
    monkeypatch.setenv("SSM_STAGE", "dev")
    path = "/restaurants/dev/get-restaurants/config"
    asked = {"Name": path, "WithDecryption": False}
    ssm.add_client_error("get_parameter", "ThrottlingException", expected_params=asked)
    reply = get(count)
    assert reply.status == 503
    assert path not in reply.text
    assert path in capsys.readouterr().out


def test_its_configuration_is_its_own() -> None:
    assert handle.contract.parameters["config"].path == "/restaurants/test/get-restaurants/config"
