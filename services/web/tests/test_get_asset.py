"""Serving the package's files."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from service_kit.testing import Reply, StubClient, call, rest_event
from web import wiring
from web.handlers.get_asset import handle

BASE_URL = "https://web.example/test"


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of assets with one file of each kind, beside the package's code."""
    folder = tmp_path / "assets"
    (folder / "images").mkdir(parents=True)
    for name in ("app.css", "app.js", "images/é.svg"):
        (folder / name).write_text(f"content of {name}", encoding="utf-8")
    (folder / "notes.py").write_text("secret = 1")
    (tmp_path / "settings.py").write_text("secret = 1")
    (tmp_path / "outside.svg").write_text("secret")
    monkeypatch.setattr(wiring, "ASSETS", folder)
    return folder


def hashed(url: str) -> str:
    return wiring.assets().hashed(BASE_URL, url)


def get(file: str, *, is_decoded_by_gateway: bool = False, headers: dict[str, str] | None = None) -> Reply:
    if is_decoded_by_gateway:
        file = unquote(file)
    return call(handle, rest_event(pathParameters={"file": file}, headers=headers))


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("app.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("images/%C3%A9.svg", "image/svg+xml; charset=utf-8"),
    ],
)
@pytest.mark.usefixtures("assets")
def test_a_file_comes_with_its_content_type_and_may_be_cached(name: str, content_type: str) -> None:
    reply = get(name)
    assert (reply.status, reply.text) == (200, f"content of {unquote(name)}")
    assert reply.headers["content-type"] == content_type
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("name", ["app.js", "images/é.svg"])
@pytest.mark.usefixtures("assets")
def test_a_file_whose_name_has_its_hash_is_never_asked_for_again(name: str) -> None:
    address = hashed(f"https://restaurants.example/test/assets/{name}")
    reply = get(address.partition("/assets/")[2])
    assert address.removesuffix(Path(name).suffix) != address
    assert reply.text == f"content of {name}"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_another_content_has_another_name(assets: Path) -> None:
    before = hashed("/assets/app.css")
    (assets / "app.css").write_text("changed")
    wiring.assets.cache_clear()
    assert hashed("/assets/app.css") != before


@pytest.mark.parametrize(
    "url", ["/assets/app.js", "assets/app.js", "https://restaurants.example/test/assets/app.js"]
)
@pytest.mark.usefixtures("assets")
def test_a_page_loads_a_file_from_this_service_whatever_url_names_it(url: str) -> None:
    assert hashed(f"/{url}").startswith(f"{BASE_URL}/assets/app.")


@pytest.mark.usefixtures("assets")
def test_what_a_hash_names_is_never_another_content(stub_client: StubClient) -> None:
    stub_client("s3").add_client_error("get_object", "NoSuchKey")
    assert get(f"app.{'0' * 32}.js").status == 404


@pytest.mark.parametrize(
    "url", ["https://restaurants.example/test/assets/missing.js", "https://elsewhere.example/app.js", ""]
)
@pytest.mark.usefixtures("assets")
def test_a_url_of_something_else_gets_no_hash(url: str) -> None:
    assert hashed(url) == url


def test_the_etag_follows_the_content(assets: Path) -> None:
    before = get("app.js").headers["etag"]
    (assets / "app.css").write_text("content of app.js")
    wiring.assets.cache_clear()
    assert get("app.css").headers["etag"] == before
    (assets / "app.css").write_text("changed")
    wiring.assets.cache_clear()
    assert get("app.css").headers["etag"] != before


@pytest.mark.parametrize("header", ["{etag}", "W/{etag}", '"another", {etag}', "*"])
@pytest.mark.usefixtures("assets")
def test_a_file_that_the_browser_has_is_not_sent_again(header: str) -> None:
    first = get("app.js")
    reply = get("app.js", headers={"If-None-Match": header.format(etag=first.headers["etag"])})
    assert (reply.status, reply.text) == (304, "")
    assert {name: reply.headers[name] for name in ("etag", "cache-control")} == {
        name: first.headers[name] for name in ("etag", "cache-control")
    }
    assert "content-type" not in reply.headers


@pytest.mark.parametrize("header", ['"another"', "nonsense", "", '"'])
@pytest.mark.usefixtures("assets")
def test_a_file_of_which_the_browser_has_another_state_is_sent(header: str) -> None:
    assert get("app.js", headers={"If-None-Match": header}).status == 200


@pytest.mark.parametrize("is_decoded_by_gateway", [False, True])
@pytest.mark.parametrize(
    "file",
    [
        "missing.svg",
        "",
        "images",
        "images/",
        "notes.py",
        "../settings.py",
        "../outside.svg",
        "%2e%2e/settings.py",
        "%2e%2e/outside.svg",
        "%2E%2E%2Foutside.svg",
        "%252e%252e/outside.svg",
        "..%5Coutside.svg",
        "images/../app.css",
        "images/../../outside.svg",
        "./app.css",
        "/app.css",
        "//app.css",
        "app.css%00",
        "app.css%00.svg",
        "app.css/",
        f"app.{'0' * 31}.css",
        f"app.{'0' * 32}{'0' * 32}.css",
        f"app.{'0' * 32}",
        f"notes.{'0' * 32}.py",
        f"../settings.{'0' * 32}.py",
    ],
)
@pytest.mark.usefixtures("assets")
def test_what_is_no_name_of_a_file_of_the_folder_is_not_found(
    file: str, *, is_decoded_by_gateway: bool
) -> None:
    reply = get(file, is_decoded_by_gateway=is_decoded_by_gateway)
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.document["requestId"] == "gateway-request"
    assert reply.document["detail"] == "There is no such file."


def test_a_snapshot_holds_all_files(assets: Path) -> None:
    wiring.assets()
    for file in assets.rglob("*.*"):
        file.unlink()
    assert get("app.css").text == "content of app.css"
    assert get("images/%C3%A9.svg").text == "content of images/é.svg"


def test_an_absolute_path_is_not_found(assets: Path) -> None:
    assert get(str(assets / "app.css")).status == 404
    assert get("/etc/passwd").status == 404


def test_the_package_brings_an_image_of_each_restaurant_that_it_is_seeded_with_and_one_for_new_ones() -> None:
    images = sorted(file.stem for file in (wiring.ASSETS / "images").glob("*.svg"))
    assert len(images) == 9
    for image in images:
        reply = get(f"images/{image}.svg")
        assert (reply.status, reply.headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")


def test_an_image_of_the_package_runs_no_script() -> None:
    for file in wiring.ASSETS.rglob("*.svg"):
        text = file.read_text(encoding="utf-8").lower()
        assert "<script" not in text
        assert "javascript:" not in text
        assert "onload" not in text
