"""GET /: the landing page, as the service `web` renders it."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from restaurants import wiring
from restaurants.domain.errors import PageUnavailableError
from service_kit.http import HttpResponse, ServiceUnavailable, http_handler
from service_kit.parameters import FromParameter

_PASSED = ("content-type", "cache-control", "content-security-policy", "permissions-policy")
_Value = Annotated[str, StringConstraints(max_length=2_000)]


class PageQuery(BaseModel):
    """What the page searches for."""

    text: _Value = ""
    theme: _Value = ""
    cursor: _Value = ""


@http_handler(
    answers={200: ["text/html"]}, errors={PageUnavailableError: ServiceUnavailable}, uses=(wiring.web_page,)
)
def handle(
    query: PageQuery, web_url: Annotated[str, FromParameter("serviceUrl", service="web")]
) -> HttpResponse:
    """Return the page of this stage, which loads its files from the service `web`."""
    page = wiring.web_page().get(web_url, query.model_dump(exclude_unset=True))
    headers = {name: page.headers[name] for name in _PASSED if name in page.headers}
    return HttpResponse(status=page.status, body=page.text, headers=headers)
