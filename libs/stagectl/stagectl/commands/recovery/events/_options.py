"""What the commands about events share: options, and how an event is printed."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from stagectl.recovery.message_content import hide_secrets
from stagectl.terminal.json_document import iso_time

OrderId = Annotated[
    str | None, typer.Option("--order", metavar="ID", help="Only events of the order with this id.")
]


def shown(time: datetime, channel: str, detail_type: str, detail: Mapping[str, Any]) -> str:
    """Return an event as a line for people."""
    at = iso_time(time).replace("T", " ")
    text = json.dumps(detail, ensure_ascii=False)
    return hide_secrets(f"{at} {channel:<32} {detail_type:<20} {text}")
