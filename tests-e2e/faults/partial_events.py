"""A bus that accepts some entries of a `PutEvents` and refuses the others."""

import json
import random
from collections.abc import Sequence
from typing import Any

from faults.sdk_call import Reply

REFUSED = {"ErrorCode": "InternalFailure", "ErrorMessage": "injected"}


def refused_entries(body: bytes, dice: random.Random) -> set[int]:
    """Choose which entries to refuse: at least one, and all of them when there is but one."""
    count = len(json.loads(body)["Entries"])
    return set(dice.sample(range(count), dice.randint(1, max(1, count - 1))))


def without(body: bytes, refused: set[int]) -> bytes | None:
    """Return the request without the refused entries, or None when nothing is left of it."""
    request = json.loads(body)
    entries = [entry for index, entry in enumerate(request["Entries"]) if index not in refused]
    return json.dumps({**request, "Entries": entries}).encode() if entries else None


def joined(count: int, refused: set[int], taken: Sequence[Any]) -> Reply:
    """Return the answer to the whole request.

    Args:
        count: How many entries the request had.
        refused: Which of them were refused.
        taken: What the bus answered about the others, in their order.
    """
    answers = iter(taken)
    entries = [REFUSED if index in refused else next(answers) for index in range(count)]
    failed = sum("ErrorCode" in entry for entry in entries)
    body = json.dumps({"FailedEntryCount": failed, "Entries": entries}).encode()
    return Reply(200, "application/x-amz-json-1.1", body)
