"""The WebSocket API's `$connect`."""

import time
from typing import Annotated

from aws_lambda_powertools import Logger
from pydantic import AliasPath, BaseModel, Field

from notifications import wiring
from notifications.domain.connect_page import connect_page
from service_kit.events import event_handler

logger = Logger()

CONNECTED, FORBIDDEN = 200, 403


class Connecting(BaseModel):
    """What this service reads of a request to connect."""

    connection_id: Annotated[str, Field(validation_alias=AliasPath("requestContext", "connectionId"))]
    ticket: Annotated[str, Field(validation_alias=AliasPath("queryStringParameters", "ticket"))] = ""


class Answer(BaseModel):
    """What API Gateway does with the request: any status but 200 refuses the connection."""

    status: Annotated[int, Field(serialization_alias="statusCode")]


@event_handler(uses=(wiring.pages,))
def handle(request: Connecting) -> Answer:
    """Connect a page that has a ticket, and refuse any other."""
    connected = connect_page(
        wiring.pages(), ticket=request.ticket, connection_id=request.connection_id, now=int(time.time())
    )
    logger.info("page connected" if connected else "page refused")
    return Answer(status=CONNECTED if connected else FORBIDDEN)
