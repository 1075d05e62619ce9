"""One order's way, step by step, each waited for until all that follows from it was done."""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from benchmarks.call_record import Call, CallRecord
from drivers.exchange import Driver
from steps import given
from steps.shop import catalogue, then, when

A_THEME = "cartoon"


@dataclass(frozen=True)
class OrderLife:
    """Places and answers orders one after the other, so that nothing is batched with anything else."""

    driver: Driver
    record: CallRecord
    user: given.User

    def find(self) -> None:
        """Open the page and search, as a customer does before an order."""
        assert when.a_visitor_opens_the_landing_page(self.driver).status == HTTPStatus.OK
        then.it_shows_restaurants(when.a_user_searches(self.driver, self.user.id_token, {"theme": A_THEME}))

    def find_often(self, count: int) -> None:
        """Do so so often, one time after the other."""
        for _ in range(count):
            self.find()

    def place(self, key: str | None) -> str:
        """Place an order; returns its id once it is notified."""
        since = time.time()
        answer = when.a_customer_orders_from(
            self.driver, self.user, catalogue.A_RESTAURANT, idempotency_key=key
        )
        while answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            time.sleep(int(answer.headers["retry-after"]))
            answer = when.a_customer_orders_from(
                self.driver, self.user, catalogue.A_RESTAURANT, idempotency_key=key
            )
        order_id = then.an_order_is_placed(answer)
        self.record.wait_for(
            lambda call: notified_order(call) == order_id,
            since=since,
            what=f"order {order_id} to be notified",
        )
        return order_id

    def place_with_new_key(self) -> str:
        """Place an order under an idempotency key of its own."""
        return self.place(str(uuid.uuid4()))

    def repeat(self, key: str) -> None:
        """Send the request again that placed an order under this key."""
        answer = when.a_customer_orders_from(
            self.driver, self.user, catalogue.A_RESTAURANT, idempotency_key=key
        )
        then.an_order_is_placed(answer)

    def accept(self, order_id: str) -> None:
        """Accept an order as its restaurant; returns once its customer was told."""
        since = time.time()
        answer = when.a_user_answers_an_order(self.driver, self.user.id_token, order_id, "accept")
        then.it_shows_an_order(answer)
        self.record.wait_for(
            lambda call: call.service == "sns" and call.mentions(order_id),
            since=since,
            what=f"the customer of {order_id} to be told",
        )

    def accept_all(self, order_ids: Iterable[str]) -> None:
        """Accept orders, each once the one before is done."""
        for order_id in order_ids:
            self.accept(order_id)


def notified_order(call: Call) -> str | None:
    """Return the id of the order that a call moves to notified, or None for any other call."""
    if call.action != "UpdateItem" or ":notified" not in call.parameters.get("ExpressionAttributeValues", {}):
        return None
    return str(call.parameters["Key"]["orderId"]["S"])
