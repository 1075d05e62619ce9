"""GET /: the page that everyone sees, without signing in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

from drivers.exchange import Answer, Driver
from steps.shop import catalogue, when
from support.stage import Stage

pytestmark = pytest.mark.about("web")


@dataclass
class Page(HTMLParser):
    """What of a page this suite looks at."""

    text: str = ""
    attributes: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, tag: str, name: str) -> list[str]:
        """Return the values of an attribute of all elements of a kind."""
        return [value for one, attribute, value in self.attributes if (one, attribute) == (tag, name)]


def _page(answer: Answer) -> Page:
    assert answer.status == 200, (answer.status, answer.text)
    page = Page()
    page.feed(answer.text)
    return page


def _path(url: str, stage: Stage) -> str:
    """Return the path of one of the service's own URLs below the service."""
    service_url = stage.service_url("web") + "/"
    assert url.startswith(service_url), url
    return url.removeprefix(service_url)


def test_the_landing_page_shows_the_eight_seeded_restaurants(driver: Driver) -> None:
    page = _page(when.a_visitor_opens_the_landing_page(driver))

    assert [name for name in catalogue.SEEDED_RESTAURANTS if name not in page.text] == []
    assert page.values("li", "data-name") == sorted(catalogue.SEEDED_RESTAURANTS)


def test_the_landing_page_is_html(driver: Driver) -> None:
    answer = when.a_visitor_opens_the_landing_page(driver)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_landing_page_lets_only_its_own_files_run(driver: Driver, stage: Stage) -> None:
    own = urljoin(stage.service_url("web"), "/").rstrip("/")
    policy = when.a_visitor_opens_the_landing_page(driver).headers["content-security-policy"]
    directives = dict(directive.strip().split(" ", 1) for directive in policy.split(";"))

    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == own
    assert directives["style-src"] == own
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy


def test_every_image_of_the_landing_page_loads(driver: Driver, stage: Stage) -> None:
    page = _page(when.a_visitor_opens_the_landing_page(driver))

    for url in page.values("img", "src"):
        image = when.a_visitor_loads_an_asset(driver, _path(url, stage))
        assert (image.status, image.headers["content-type"].split(";")[0]) == (200, "image/svg+xml"), url


def test_every_script_and_style_of_the_landing_page_loads(driver: Driver, stage: Stage) -> None:
    page = _page(when.a_visitor_opens_the_landing_page(driver))
    files = page.values("script", "src") + page.values("link", "href")

    assert files
    for url in files:
        asset = when.a_visitor_loads_an_asset(driver, _path(url, stage))
        assert asset.status == 200, url
        assert asset.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["assets/no-such-file.js", "assets/images", "assets/images/fangtasia.SVG"])
def test_a_file_that_the_page_does_not_have_is_not_found(driver: Driver, path: str) -> None:
    assert when.a_visitor_loads_an_asset(driver, path).status == 404


def test_a_hash_that_no_file_has_is_not_found(driver: Driver) -> None:
    assert when.a_visitor_loads_an_asset(driver, f"assets/app.{'0' * 32}.js").status == 404


@pytest.mark.emulator_only
@pytest.mark.http_only
def test_the_deployment_has_stored_the_files_of_the_page(driver: Driver, stage: Stage) -> None:
    page = _page(when.a_visitor_opens_the_landing_page(driver))
    bucket = stage.published("web", "assetsBucketName")

    for url in page.values("script", "src") + page.values("link", "href") + page.values("img", "src"):
        stored = stage.s3.get_object(Bucket=bucket, Key=_path(url, stage))
        assert stored["CacheControl"] == "public, max-age=31536000, immutable"


@pytest.mark.emulator_only
@pytest.mark.http_only
def test_a_page_that_was_opened_before_a_release_gets_its_files(driver: Driver, stage: Stage) -> None:
    bucket, key = stage.published("web", "assetsBucketName"), f"assets/app.{'1' * 32}.js"
    script = "text/javascript; charset=utf-8"
    stage.s3.put_object(Bucket=bucket, Key=key, Body=b"of the release before", ContentType=script)
    try:
        asset = when.a_visitor_loads_an_asset(driver, key)
    finally:
        stage.s3.delete_object(Bucket=bucket, Key=key)

    assert (asset.status, asset.text) == (200, "of the release before")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_landing_page_is_at_the_url_of_restaurants_too(driver: Driver) -> None:
    page = when.a_visitor_opens_the_landing_page(driver)
    same = when.a_visitor_opens_the_landing_page(driver, service="restaurants")

    assert (same.status, same.text) == (200, page.text)
    for name in ("content-type", "content-security-policy", "cache-control"):
        assert same.headers[name] == page.headers[name]


def test_an_image_of_the_api_leads_to_the_page_that_has_it(driver: Driver, stage: Stage) -> None:
    answer = when.a_visitor_loads_an_asset(driver, catalogue.A_SEEDED_IMAGE, service="restaurants")

    assert answer.status == 302
    assert answer.headers["location"] == f"{stage.service_url('web')}/{catalogue.A_SEEDED_IMAGE}"
