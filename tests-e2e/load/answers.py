"""Requests on kept connections, and what was answered: the least that a thread can do for each."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from steps.shop.catalogue import A_RESTAURANT

ANSWER_SECONDS = 30


@dataclass
class Answers:
    """What requests were answered with.

    Attributes:
        statuses: How many answers had which status; 0 is no answer.
        seconds: How long each answer took.
        without_pause: How many refusals did not say when to come back.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    without_pause: int = 0

    @property
    def placed(self) -> int:
        """How many orders were placed."""
        return self.statuses[200]


def connect(url: str) -> http.client.HTTPConnection:
    """Return a connection to the host of a URL, opened by its first request."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.netloc, timeout=ANSWER_SECONDS)


def post(
    connection: http.client.HTTPConnection, url: str, token: str, body: dict[str, Any], answers: Answers
) -> http.client.HTTPConnection:
    """Send a document to a URL, note the answer, and return the connection for the next request."""
    since = time.monotonic()
    headers = {"authorization": token, "content-type": "application/json"}
    try:
        connection.request("POST", urlsplit(url).path, json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        answers.statuses[0] += 1
        connection.close()
        return connect(url)
    answers.statuses[answer.status] += 1
    answers.seconds.append(time.monotonic() - since)
    if answer.status in {429, 503} and answer.headers.get("retry-after") is None:
        answers.without_pause += 1
    return connection


def order(
    connection: http.client.HTTPConnection, url: str, token: str, answers: Answers
) -> http.client.HTTPConnection:
    """Place an order at the service `orders`, and return the connection for the next one."""
    return post(connection, f"{url}/orders", token, {"restaurantName": A_RESTAURANT}, answers)
