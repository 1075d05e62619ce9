"""GET /assets/{file}: the page's script, style and images."""

from pydantic import BaseModel, Field

from restaurants import wiring
from restaurants.domain.assets import CONTENT_TYPES, AssetNotFoundError
from service_kit.entity_tags import is_known
from service_kit.http import HttpRequest, HttpResponse, http_handler
from service_kit.problems import NotFound
from service_kit.snapshots import before_snapshot


class AssetPath(BaseModel):
    """`/assets/{file}`."""

    file: str


class AssetHeaders(BaseModel):
    """What a browser says of the copy that it has: its `etag`."""

    if_none_match: str | None = Field(default=None, alias="If-None-Match")


@http_handler(
    path=AssetPath,
    headers=AssetHeaders,
    answers={200: [content_type.partition(";")[0] for content_type in CONTENT_TYPES.values()], 304: []},
    errors={AssetNotFoundError: NotFound},
)
def handle(request: HttpRequest[None, None, AssetPath]) -> HttpResponse:
    """Answer one file of the package's `assets` folder."""
    asset = wiring.assets().find(request.path.file)
    headers = {"cache-control": "public, max-age=300", "etag": asset.etag}
    if is_known(request.headers.get("if-none-match"), asset.etag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body=asset.text, content_type=asset.content_type, headers=headers)


before_snapshot(wiring.assets)
