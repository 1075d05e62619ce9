"""An event has a source, a detail-type and a JSON object as detail; a request has less than 1 MiB of them.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
"""

import json
from functools import wraps
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import eventbridge

REQUIRED = ("Source", "DetailType", "Detail")
MAX_BYTES = 1024 * 1024
BYTES_OF_A_TIME = 14
LONGEST_DETAIL_TYPE = 128
Entry = dict[str, Any]


def install() -> None:
    """Refuse other entries one by one, and a request that is too large altogether."""
    put = eventbridge._put_events

    @wraps(put)
    def put_events(data: dict[str, Any], *, allow_aws_source: bool = False) -> Any:
        entries = data.get("Entries") or []
        if sum(map(size_of, entries)) >= MAX_BYTES:
            return error_response_json(
                "ValidationException", "Total size of the entries in the request is over the limit.", 400
            )
        faults = [fault_of(entry) for entry in entries]
        if not any(faults):
            return put(data, allow_aws_source)
        sent = [entry for entry, fault in zip(entries, faults, strict=True) if not fault]
        status, _, body = put({**data, "Entries": sent}, allow_aws_source)
        if status != 200:  # noqa: PLR2004
            return status, _, body
        answer = json.loads(body)
        results = iter(answer["Entries"])
        answer["Entries"] = [fault or next(results) for fault in faults]
        answer["FailedEntryCount"] += len(entries) - len(sent)
        return json_response(answer)

    eventbridge._put_events = put_events


def size_of(entry: Entry) -> int:
    """Return how many bytes an entry counts."""
    texts = [entry.get(name) or "" for name in REQUIRED] + list(entry.get("Resources") or [])
    return sum(len(text.encode()) for text in texts) + (BYTES_OF_A_TIME if entry.get("Time") else 0)


def fault_of(entry: Entry) -> Entry | None:
    """Return the result of an entry that is refused."""
    for name in REQUIRED:
        if not entry.get(name):
            return invalid(f"Parameter {name} is not valid. Reason: {name} is a required argument.")
    if len(entry["DetailType"]) > LONGEST_DETAIL_TYPE:
        return invalid("Parameter DetailType is not valid. Reason: DetailType is longer than 128 characters.")
    try:
        is_object = isinstance(json.loads(entry["Detail"]), dict)
    except (ValueError, RecursionError):
        is_object = False
    return None if is_object else {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def invalid(message: str) -> Entry:
    """Return the result of an entry with an argument that is not valid."""
    return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
