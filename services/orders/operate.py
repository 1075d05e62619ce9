"""List, show and answer orders with AWS credentials, in place of a restaurant.

Run by `stagectl orders`. Prints JSON, as the service's routes answer it, or ends with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from orders.adapters.order_table import OrderTable
from orders.domain.errors import InvalidCursorError, OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import AnswerQueue, OrderState, OrderSummary
from orders.handlers.order import view

PAGE_SIZE = 50
ANSWERS = {"accept": OrderState.ACCEPTED, "reject": OrderState.REJECTED}


def operate(arguments: argparse.Namespace, orders: OrderTable) -> dict[str, Any] | None:
    """Do what the arguments say, and return what the service's own route would answer.

    An order that is shown has its correlation id too; None when there is no such order.
    """
    if arguments.command == "list":
        queue = AnswerQueue(arguments.state)
        page = orders.of_restaurant(arguments.restaurant, queue, cursor=arguments.cursor, limit=PAGE_SIZE)
        return {"orders": [_shown(order) for order in page.orders], "nextCursor": page.next_cursor}
    if arguments.command == "show":
        found = orders.find(arguments.order_id)
        if found is None:
            return None
        return _shown(found) | {"correlationId": found.correlation_id or found.order_id}
    order = orders.find_summary(arguments.order_id)
    if order is None:
        raise OrderNotFoundError
    answered = orders.answer(
        order.order_id,
        ANSWERS[arguments.command],
        restaurant_name=order.restaurant_name,
        at=datetime.now(UTC),
    )
    return _shown(answered)


def _shown(order: OrderSummary) -> dict[str, Any]:
    return view(order).model_dump(mode="json", by_alias=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    of_restaurant = commands.add_parser("list")
    of_restaurant.add_argument("state", choices=list(AnswerQueue))
    of_restaurant.add_argument("--cursor")
    of_restaurant.add_argument("restaurant")
    for name in ("show", *ANSWERS):
        commands.add_parser(name).add_argument("order_id")
    return parser.parse_args()


def main() -> None:
    """Print the answer, or end with the reason why there is none."""
    arguments = _arguments()
    try:
        answer = operate(arguments, OrderTable(f"orders-{os.environ['STAGE']}"))
    except OrderNotFoundError:
        sys.exit("There is no such order on this stage.")
    except InvalidCursorError:
        sys.exit("The cursor is not one that a page gave.")
    except OrderAlreadyAnsweredError as refused:
        sys.exit(str(refused))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS answered: {error}")
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
