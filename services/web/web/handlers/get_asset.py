"""GET /assets/{file}: the pages' script, styles and images."""

from typing import Annotated

from service_kit.http import FromHeader, FromPath, HttpResponse, NotFound, http_handler, is_known
from web import wiring
from web.domain.assets import CONTENT_TYPES, AssetNotFoundError

_UNCHANGING = "public, max-age=31536000, immutable"
_CHANGING = "public, max-age=300"


@http_handler(
    answers={200: [content_type.partition(";")[0] for content_type in CONTENT_TYPES.values()], 304: []},
    errors={AssetNotFoundError: NotFound},
    uses=(wiring.assets,),
)
def handle(
    file: Annotated[str, FromPath()], if_none_match: Annotated[str | None, FromHeader()] = None
) -> HttpResponse:
    """Return one file of the pages, by its name with or without the hash of its content.

    A page that was opened before a release names files of the release before, which the bucket has for a day.
    """
    try:
        asset = wiring.assets().find(file)
    except AssetNotFoundError:
        asset = wiring.asset_bucket().find(file)
    cache_control = _UNCHANGING if asset.content_hash in file else _CHANGING
    headers = {"cache-control": cache_control, "etag": asset.etag}
    if is_known(if_none_match, asset.etag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body=asset.text, content_type=asset.content_type, headers=headers)
