"""A subscription filter sends what is logged to a Firehose stream, compressed.

MiniStack keeps such a filter and delivers to functions alone.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#FirehoseExample
"""

import base64
import contextvars
import gzip
import json
import threading
import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import cloudwatch_logs, firehose

Events = list[dict[str, Any]]
FanOut = Callable[[str, str, Events], None]

_STREAM = ":deliverystream/"


def install() -> None:
    """Deliver to streams what is delivered to functions."""
    cloudwatch_logs._fanout_to_subscription_filters = with_streams(
        cloudwatch_logs._fanout_to_subscription_filters
    )


def with_streams(fan_out: FanOut) -> FanOut:
    """Also deliver to the Firehose streams of a log group's filters."""

    @wraps(fan_out)
    def operation(group: str, log_stream: str, events: Events) -> None:
        fan_out(group, log_stream, events)
        for one in (cloudwatch_logs._log_groups.get(group) or {}).get("subscriptionFilters", {}).values():
            _, is_stream, name = str(one.get("destinationArn", "")).partition(_STREAM)
            pattern = one.get("filterPattern", "")
            matched = [
                event
                for event in events
                if cloudwatch_logs._subscription_pattern_matches(pattern, event.get("message", ""))
            ]
            if is_stream and matched:
                record = _record(group, log_stream, one["filterName"], matched)
                # Who logs does not wait for it, and the account is known by the caller's context.
                context = contextvars.copy_context()
                put = {"DeliveryStreamName": name, "Record": {"Data": base64.b64encode(record).decode()}}
                threading.Thread(target=context.run, args=(firehose._put_record, put), daemon=True).start()

    return operation


def _record(group: str, log_stream: str, name: str, events: Events) -> bytes:
    now_ms = int(time.time() * 1000)
    document = {
        "messageType": "DATA_MESSAGE",
        "owner": get_account_id(),
        "logGroup": group,
        "logStream": log_stream,
        "subscriptionFilters": [name],
        "logEvents": [
            {
                "id": uuid.uuid4().hex,
                "timestamp": event.get("timestamp", now_ms),
                "message": event.get("message", ""),
            }
            for event in events
        ],
    }
    return gzip.compress(json.dumps(document).encode())
