"""Files of releases that were replaced: a page that was opened before goes on working."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from botocore.response import StreamingBody

from service_kit.testing import Reply, call, rest_event
from web.handlers.get_asset import handle

if TYPE_CHECKING:
    from botocore.stub import Stubber

    from service_kit.testing import StubClient

HASH = "0123456789abcdef" * 2
OLD = f"app.{HASH}.js"


@pytest.fixture
def bucket(stub_client: StubClient) -> Stubber:
    """S3, which answers what a test tells it to, if it is asked as the test says."""
    return stub_client("s3")


def get(file: str) -> Reply:
    return call(handle, rest_event(pathParameters={"file": file}))


def has(bucket: Stubber, name: str, text: str) -> None:
    content = text.encode()
    answer = {
        "Body": StreamingBody(io.BytesIO(content), len(content)),
        "ContentType": "text/javascript; charset=utf-8",
    }
    bucket.add_response("get_object", answer, {"Bucket": "an-assets-bucket", "Key": f"assets/{name}"})


def test_a_file_of_the_release_before_comes_from_the_bucket(bucket: Stubber) -> None:
    has(bucket, OLD, "of the release before")
    reply = get(OLD)
    assert (reply.status, reply.text) == (200, "of the release before")
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["etag"] == f'"{HASH}"'


def test_it_is_read_once(bucket: Stubber) -> None:
    has(bucket, OLD, "once")
    assert [get(OLD).text, get(OLD).text] == ["once", "once"]


@pytest.mark.parametrize("code", ["NoSuchKey", "AccessDenied"])
def test_what_the_bucket_does_not_have_is_not_found(bucket: Stubber, code: str) -> None:
    bucket.add_client_error("get_object", code)
    assert get(OLD).status == 404


def test_the_file_is_503_while_s3_does_not_answer(bucket: Stubber) -> None:
    bucket.add_client_error("get_object", "SlowDown", http_status_code=503)
    assert get(OLD).status == 503


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    "file",
    [
        "app.js.map",
        "missing.js",
        f"app.{HASH}.html",
        f"app.{HASH[1:]}.js",
        f"../{OLD}",
        f"images/../{OLD}",
        f"/{OLD}",
        f"{OLD}\n",
        f"%2e%2e/{OLD}",
    ],
)
def test_the_bucket_is_asked_for_names_with_a_hash_only(file: str) -> None:
    assert get(file).status == 404
