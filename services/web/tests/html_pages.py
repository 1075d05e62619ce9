"""Pages as a browser sees them."""

import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from service_kit.testing import Reply

PAGE_URL = "https://web.example/test/"
RESTAURANTS_URL = "https://restaurants.example/test"
ASSETS_URL = f"{PAGE_URL}assets/"
PUBLISHED = {
    "restaurants_url": RESTAURANTS_URL,
    "orders_url": "https://orders.example/test",
    "notifications_url": "https://notifications.example/test",
    "live_url": "wss://live.example/test",
    "user_pool_id": "eu-central-1_pool",
    "web_client_id": "web-client-id",
}


class Page(HTMLParser):
    """What a browser sees: elements with their attributes, and the text between them."""

    def __init__(self, reply: Reply) -> None:
        assert reply.status == 200
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(reply.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.elements if found == tag]


def directives(text: str) -> dict[str, list[str]]:
    """Return the sources that a policy allows, by directive."""
    return {name: sources for name, *sources in (directive.split() for directive in text.split(";"))}


def policy(reply: Reply) -> dict[str, list[str]]:
    """Return the sources that the page's policy allows, by directive."""
    return directives(reply.headers["content-security-policy"])


def configuration(reply: Reply) -> Any:
    """Return what the page tells its script."""
    [body] = Page(reply).attributes("body")
    return json.loads(body["data-config"] or "")


def loaded_assets(page: Page) -> set[str]:
    """Return the names of this service's files that a browser loads for the page, without their hashes."""
    return {
        re.sub(r"\.[0-9a-f]{32}(?=\.)", "", address.removeprefix(ASSETS_URL))
        for address in loaded(page)
        if address.startswith(ASSETS_URL)
    }


def loaded(page: Page) -> list[str]:
    """Return the address of everything that a browser loads for the page."""
    sources = [element.get("src") for element in page.attributes("script") + page.attributes("img")]
    links = [link.get("href") for link in page.attributes("link")]
    return [urljoin(PAGE_URL, address) for address in sources + links if address]
