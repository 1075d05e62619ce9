"""GET /assets/{file}: the page's script, style and images."""

from pydantic import BaseModel

from restaurants.adapters.asset_files import AssetNotFoundError, read_asset
from service_kit.http import HttpRequest, HttpResponse, http_handler
from service_kit.problems import NotFound


class AssetPath(BaseModel):
    """`/assets/{file}`."""

    file: str


@http_handler(path=AssetPath, errors={AssetNotFoundError: NotFound})
def handle(request: HttpRequest[None, None, AssetPath]) -> HttpResponse:
    """Answer one file of the package's `assets` folder."""
    asset = read_asset(request.path.file)
    is_known = request.headers.get("if-none-match") == asset.etag
    return HttpResponse(
        status=304 if is_known else 200,
        body="" if is_known else asset.text,
        content_type=asset.content_type,
        headers={"cache-control": "public, max-age=300", "etag": asset.etag},
    )
