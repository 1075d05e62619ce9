"""What a new version of each function has to answer before orders reach it, and then the public URL."""

from collections.abc import Sequence

from service_kit.releases import (
    CHECK_ID,
    FRESH_ID,
    Check,
    Invocation,
    PublicRequest,
    Request,
    message,
    release_check,
    traffic_check,
)

# With a new id each time, since a delivery is made once. No restaurant and no customer is notified of it.
ORDER = {"orderId": FRESH_ID, "restaurantName": "Release check", "customerId": CHECK_ID}
NO_TICKET = {
    "requestContext": {"connectionId": CHECK_ID},
    "queryStringParameters": {"ticket": CHECK_ID},
}

CHECKS: dict[str, Sequence[Check]] = {
    "notify-restaurant": [message("order_placed", ORDER), message("order_cancelled", ORDER)],
    "notify-customer": [message("order_accepted", ORDER)],
    "push-order-change": [message("order_accepted", ORDER)],
    "issue-ticket": [Request(method="POST", status=200)],
    "connect-page": [Invocation(payload=NO_TICKET, answers={"statusCode": 403})],
}

check_release = release_check(CHECKS)

check_traffic = traffic_check([PublicRequest(path="/live/tickets", status=403)])
