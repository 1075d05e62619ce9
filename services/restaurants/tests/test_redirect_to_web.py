"""URLs that the service `web` has taken over."""

from collections.abc import Iterator
from typing import Any

import pytest

from restaurants.handlers.redirect_to_web import handle
from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event


@pytest.fixture(autouse=True)
def web() -> Iterator[None]:
    """Where the service is."""
    with override_parameters(handle, web_url="https://web.example/test"):
        yield


def get(**event: Any) -> Reply:
    return call(handle, rest_event(**event))


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("images/fangtasia.svg", "images/fangtasia.svg"),
        ("images/%C3%A9.svg", "images/%C3%A9.svg"),
        ("app.css?x=%0d%0aset-cookie:a", "app.css%3Fx%3D%0D%0Aset-cookie%3Aa"),
        ("//elsewhere.example", "//elsewhere.example"),
    ],
)
def test_an_image_of_the_api_leads_to_the_same_file_of_web(asked: str, path: str) -> None:
    reply = get(pathParameters={"path": asked})
    assert (reply.status, reply.headers["location"]) == (302, f"https://web.example/test/assets/{path}")


def test_a_path_that_no_file_has_leads_nowhere() -> None:
    assert get(pathParameters={"path": "x" * 201}).status == 400
