"""The seams of a stage of which a part is taken from a base stage: there, no event passes.

A partial preview has a bus of its own, and services that are taken from its base neither hear it nor publish
on it. Over HTTP they are the stage's as any other. Where one side of an event is the stage's and the other is
not, the suite says what the other would, in the shape of the published contract.
"""

import json

from drivers.exchange import Answer, Driver, Request
from drivers.proxy_event import decoded
from steps import when
from steps.shop.contract import EVENT_DETAILS, Order, PlacedOrder
from support.end_to_end_queue import Message
from support.stage import Stage

OK = 200
ORDERS, NOTIFICATIONS = "orders", "notifications"
ANSWERS = {"accept": "order_accepted", "reject": "order_rejected", "cancel": "order_cancelled"}


def restaurants_are_told_elsewhere(stage: Stage) -> bool:
    """Whether the stage's orders tell a bus that no notifications service hears."""
    return stage.has_its_own(ORDERS) and not stage.has_its_own(NOTIFICATIONS)


def orders_are_placed_elsewhere(stage: Stage) -> bool:
    """Whether the stage's notifications service hears a bus that no orders service tells."""
    return stage.has_its_own(NOTIFICATIONS) and not stage.has_its_own(ORDERS)


class RestaurantsTeller:
    """Says for the absent notifications service that a restaurant was notified."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def hear(self, message: Message) -> None:
        """Answer an event of the stage's bus as the service would."""
        if message.name == "order_placed":
            told = {name: message.content[name] for name in ("orderId", "restaurantName")}
            _say(self._stage, "restaurant_notified", told)


class OrdersAnnouncer:
    """Calls the services as another driver does, and says for the absent orders service what follows."""

    def __init__(self, driver: Driver, stage: Stage) -> None:
        self._driver = driver
        self._stage = stage
        self._customers: dict[str, str] = {}
        self._said: set[tuple[str, str]] = set()

    def send(self, request: Request) -> Answer:
        """Send a request and return its answer, whatever its status."""
        answer = self._driver.send(request)
        if request.service == ORDERS and request.method == "POST" and answer.status == OK:
            self._announce(request, answer)
        return answer

    def _announce(self, request: Request, answer: Answer) -> None:
        if request.segments == ("orders",):
            order_id = str(PlacedOrder.model_validate_json(answer.content).orderId)
            restaurant_name = json.loads(request.body or b"{}")["restaurantName"]
            self._customers[order_id] = decoded(request.token or "")["sub"]
            self._say_once("order_placed", {"orderId": order_id, "restaurantName": restaurant_name})
        else:
            order = Order.model_validate_json(answer.content)
            order_id = str(order.orderId)
            detail = {"orderId": order_id, "restaurantName": order.restaurantName}
            customer = {"customerId": self._customers[order_id]}
            self._say_once(ANSWERS[request.segments[-1]], detail | customer)

    def _say_once(self, detail_type: str, detail: dict[str, str]) -> None:
        """The service says it once as well, however often it is asked for the same."""
        key = (detail_type, detail["orderId"])
        if key not in self._said:
            self._said.add(key)
            _say(self._stage, detail_type, detail)


def _say(stage: Stage, detail_type: str, detail: dict[str, str]) -> None:
    EVENT_DETAILS[detail_type].model_validate_json(json.dumps(detail))
    when.an_event_happens(stage, detail_type, detail)
