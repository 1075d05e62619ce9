"""The emulator's record of the AWS calls that the deployed functions made."""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from support.polling import until
from support.stage import Stage

LOOKUP = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
QUIET_SECONDS = 2
SETTLING_SECONDS = 60


@dataclass(frozen=True)
class Call:
    """One call to AWS.

    Attributes:
        event_id: Tells calls apart.
        at: When it arrived, in seconds since 1970.
        service: Such as `dynamodb`.
        action: Such as `PutItem`.
        caller: The id of the access key that signed it; each function has one of its own.
        parameters: What it asked for.
    """

    event_id: str
    at: float
    service: str
    action: str
    caller: str
    parameters: dict[str, Any]

    def mentions(self, text: str) -> bool:
        """Return whether a text, such as an order's id, stands in the parameters."""
        return text in json.dumps(self.parameters)


class CallRecord:
    """Reads CloudTrail as the emulator keeps it, the benchmark's own calls left out.

    The emulator keeps the last 10,000 calls. What it does itself in AWS's place (reading a queue or a stream
    for a function, delivering an event to a queue) is no call and stands in no record.
    """

    def __init__(self, stage: Stage) -> None:
        """Begin to record."""
        self._stage = stage
        self._endpoint = os.environ["AWS_ENDPOINT_URL"]
        self._client = httpx.Client(timeout=30, trust_env=False)
        self._switch("true")

    def close(self) -> None:
        """End recording."""
        self._switch("false")
        self._client.close()

    def since(self, start: float, *, action: str | None = None) -> list[Call]:
        """Return the calls from a moment on, oldest first; only those of one action if it is named."""
        found = {call.event_id: call for call in self._newest_first(start, action)}
        own = self._stage.credentials.access_key
        return sorted((call for call in found.values() if call.caller != own), key=lambda call: call.at)

    def wait_for(self, *wanted: Callable[[Call], bool], since: float, what: str) -> None:
        """Wait until each of these calls was made.

        Raises:
            AssertionError: one of them was not made in time.
        """
        until(
            lambda: self.since(since),
            lambda calls: all(any(map(is_it, calls)) for is_it in wanted),
            within_seconds=SETTLING_SECONDS,
            what=what,
        )

    def wait_until_quiet(self) -> None:
        """Wait until nothing has called for a while, so that what was begun has ended."""
        until(
            lambda: self.since(time.time() - QUIET_SECONDS),
            lambda calls: not calls,
            within_seconds=SETTLING_SECONDS,
            what="an end of all calls",
        )

    def _newest_first(self, start: float, action: str | None) -> Iterator[Call]:
        attributes = [{"AttributeKey": "EventName", "AttributeValue": action}] if action else []
        end, before = time.time(), None
        while page := self._page({"StartTime": start, "EndTime": end, "LookupAttributes": attributes}):
            yield from (_call(event) for event in page)
            # The next page begins with what this one ends with, since times may be equal.
            end = page[-1]["EventTime"]
            if page[-1]["EventId"] == before:
                return
            before = page[-1]["EventId"]

    def _page(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        # By hand: the SDK would cut the times down to whole seconds.
        headers = {"X-Amz-Target": LOOKUP, "Content-Type": "application/x-amz-json-1.1"}
        request = AWSRequest("POST", f"{self._endpoint}/", headers=headers, data=json.dumps(query).encode())
        SigV4Auth(self._stage.credentials, "cloudtrail", self._stage.region).add_auth(request)
        answer = self._client.post(f"{self._endpoint}/", headers=dict(request.headers), content=request.data)
        answer.raise_for_status()
        events: list[dict[str, Any]] = answer.json()["Events"]
        return events

    def _switch(self, value: str) -> None:
        setting = {"cloudtrail._recording_enabled": value}
        self._client.post(f"{self._endpoint}/_ministack/config", json=setting).raise_for_status()


def _call(event: dict[str, Any]) -> Call:
    parameters = json.loads(event["CloudTrailEvent"])["requestParameters"]
    service = event["EventSource"].partition(".")[0]
    # Query protocols name the action in the form.
    action = parameters.get("Action", event["EventName"])
    return Call(event["EventId"], event["EventTime"], service, action, event["AccessKeyId"], parameters)
