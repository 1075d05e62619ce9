"""GET /legal/{page}: terms, privacy notice and imprint, the current version or one by its number."""

import re
from typing import Annotated

from markupsafe import Markup, escape

from service_kit.http import FromPath, HttpResponse, NotFound, http_handler
from service_kit.settings import load_settings
from web import wiring
from web.domain.legal_documents import LegalDocumentNotFoundError
from web.handlers.html_page import ApisBelow, hashed, page_headers
from web.settings import LegalSettings

_PAGE = re.compile(r"(?P<document>[a-z]+)(?:/(?P<number>[1-9][0-9]{0,3}))?")
_PLACEHOLDER = re.compile(r"\[\[(operator(?:Name|Address|Email))\]\]")


@http_handler(
    answers={200: ["text/html"]},
    errors={LegalDocumentNotFoundError: NotFound},
    uses=(wiring.legal_documents, wiring.legal_page, wiring.assets),
)
def handle(page: Annotated[str, FromPath()], apis_below: ApisBelow = None) -> HttpResponse:
    """Return a legal document: `terms` is the current version, `terms/1` always the first."""
    match = _PAGE.fullmatch(page)
    if match is None:
        raise LegalDocumentNotFoundError
    document = wiring.legal_documents().find(match["document"])
    version = document.version(int(match["number"]) if match["number"] else None)
    settings = load_settings(LegalSettings)
    base_url = "" if apis_below else settings.service_url
    operator = {
        "operatorName": settings.operator_name,
        "operatorAddress": settings.operator_address,
        "operatorEmail": settings.operator_email,
    }
    return HttpResponse(
        body=wiring.legal_page().render(
            base_url=base_url,
            hashed=hashed(base_url),
            document=document,
            version=version,
            text=_filled_in(version.html, operator),
            changes=_filled_in(version.changes, operator),
        ),
        content_type="text/html; charset=utf-8",
        headers=page_headers(base_url, connect_to=[], cache_control="public, max-age=300"),
    )


def _filled_in(html: str, operator: dict[str, str]) -> Markup:
    """Return rendered text with what the stage says of its operator; what it does not say is marked."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return str(escape(operator[name])) or f"<mark>[{name}: not filled in]</mark>"

    # The text is rendered from this repository's own files, in which raw HTML is escaped.
    return Markup(_PLACEHOLDER.sub(value, html))  # noqa: S704
