"""GET /assets/{path}: where images have moved to."""

from typing import Annotated
from urllib.parse import quote

from pydantic import StringConstraints

from service_kit.http import FromPath, HttpResponse, http_handler
from service_kit.parameters import FromParameter

# The other URL may change, such as that of a preview, so browsers ask again.
_HEADERS = {"cache-control": "public, max-age=300"}

_Path = Annotated[str, StringConstraints(max_length=200)]


@http_handler(answers={302: []}, response_headers=("location",))
def handle(
    *,
    path: Annotated[_Path, FromPath()],
    web_url: Annotated[str, FromParameter("serviceUrl", service="web")],
) -> HttpResponse:
    """Redirect to the service `web`, so that the URLs of images in the API lead to them."""
    location = f"{web_url.rstrip('/')}/assets/{quote(path)}"
    return HttpResponse(status=302, headers=_HEADERS | {"location": location})
