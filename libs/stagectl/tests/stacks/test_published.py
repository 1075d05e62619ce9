from pathlib import Path
from types import SimpleNamespace

import pytest

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.stacks import published

from ..fakes.ssm import FakeSsm

URLS = {
    "/orders/dev/serviceUrl": "https://orders.example/dev",
    "/web/dev/serviceUrl": "https://web.example/dev",
    "/edge/dev/url": "https://d1.cloudfront.net",
    "/partners/dev/serviceUrl": "https://partners.example/dev",
}
STACKS = [Stack(name, Path(), publishes_url=True) for name in ("auth-like", "orders", "web")]
EDGE = Stack("edge", Path(), is_opt_in=True)


@pytest.fixture(autouse=True)
def ssm(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSsm(**URLS)
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=lambda _: fake))


def test_a_stage_without_an_edge_has_the_urls_of_its_services_that_of_the_page_first() -> None:
    assert list(published.service_urls("dev", STACKS).items()) == [
        ("web", "https://web.example/dev"),
        ("orders", "https://orders.example/dev"),
    ]


def test_a_stage_behind_an_edge_has_the_urls_below_it() -> None:
    assert published.service_urls("dev", [*STACKS, EDGE]) == {
        "web": "https://d1.cloudfront.net",
        "orders": "https://d1.cloudfront.net/api/orders",
    }


def test_an_opt_in_stack_keeps_its_own_url_behind_an_edge() -> None:
    partners = Stack("partners", Path(), publishes_url=True, is_opt_in=True)

    assert published.service_urls("dev", [EDGE, partners]) == {"partners": "https://partners.example/dev"}
