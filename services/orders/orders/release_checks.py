"""What a new version of each function has to answer before customers reach it, and then the public URL."""

from collections.abc import Sequence

from orders.domain.models import OrderState
from service_kit.releases import (
    CHECK_ID,
    FRESH_ID,
    Check,
    PublicRequest,
    Request,
    message,
    release_check,
    stream_record,
    traffic_check,
)

NO_RESTAURANT = "Release check"
NO_ORDER = {"orderId": CHECK_ID}
LONG_AGO = "2026-01-31T18:30:00Z"

CHECKS: dict[str, Sequence[Check]] = {
    # Writes, on the condition that the new order exists already: nothing is stored.
    "place-order": [Request(method="POST", body={"restaurantName": NO_RESTAURANT}, status=200)],
    "get-order": [Request(path=NO_ORDER, status=404)],
    "list-orders": [Request(status=200)],
    # Refused once the order was not found: whose staff answers, is asked after that.
    "accept-order": [Request(method="POST", path=NO_ORDER, status=404)],
    "reject-order": [Request(method="POST", path=NO_ORDER, status=404)],
    "cancel-order": [Request(method="POST", path=NO_ORDER, status=404)],
    "list-restaurant-orders": [Request(path={"name": NO_RESTAURANT}, status=403)],
    "publish-order-events": [
        stream_record(
            {
                "orderId": CHECK_ID,
                "customerId": CHECK_ID,
                "restaurantName": NO_RESTAURANT,
                "state": OrderState.PLACED,
                "placedAt": LONG_AGO,
            },
            key=["orderId"],
        )
    ],
    "mark-order-notified": [message("restaurant_notified", NO_ORDER, fails="OrderNotFoundError")],
    "expire-order": [
        message(
            "order_placed",
            NO_ORDER | {"restaurantName": NO_RESTAURANT, "answerBy": LONG_AGO},
            fails="OrderNotFoundError",
        )
    ],
    "erase-customer": [message("user_erasure_requested", {"erasureId": FRESH_ID, "userId": CHECK_ID})],
}

check_release = release_check(CHECKS)

# A request without a token is refused by the API itself.
check_traffic = traffic_check([PublicRequest(path="/orders", status=401)])
