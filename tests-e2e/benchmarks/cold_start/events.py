"""The first event of each function: what API Gateway, SQS, DynamoDB and Cognito send."""

import json
import re
from typing import Any

from stagectl.checkout.routes import routes_of
from stagectl.checkout.yaml_loader import load_mapping

from support.stage import REPOSITORY

PATH_PART = re.compile(r"\{([^}+]+)\+?\}")
CUSTOMER_ID = "4f7c7d7e-9d3a-4d0c-9b1c-2f3d8f2c9a10"
# Has no orders: what has some would have fewer each time that it is asked for.
NOBODY = "nobody"
ORDER_ID = "5d0a9a0e-3ae5-4ed2-8ff6-1a6c53f7f3a1"
RESTAURANT = "Fangtasia"
CLAIMS = {
    "sub": CUSTOMER_ID,
    "token_use": "id",
    "aud": "1h57kf5cpq17m0eml12EXAMPLE",
    "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a1B2c3D4e",
    "cognito:username": CUSTOMER_ID,
    "cognito:groups": "restaurant-admins",
    "email": "ada@example.com",
    "email_verified": "true",
    "auth_time": "1767607200",
    "exp": "Mon Jan 05 11:00:00 UTC 2026",
    "iat": "Mon Jan 05 10:00:00 UTC 2026",
}
HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate, br",
    "Content-Type": "application/json",
    "Host": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
    "X-Amzn-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
}


def request(
    method: str,
    resource: str,
    *,
    path: dict[str, str] | None = None,
    body: Any = None,
    signed_in: bool = True,
) -> dict[str, Any]:
    """Return an API Gateway REST proxy event."""
    address = resource.replace("+}", "}")
    for name, value in (path or {}).items():
        address = address.replace(f"{{{name}}}", value)
    return {
        "resource": resource,
        "path": address,
        "httpMethod": method,
        "headers": HEADERS,
        "multiValueHeaders": {name: [value] for name, value in HEADERS.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": path,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "k3y9ab",
            "resourcePath": resource,
            "operationName": None,
            "httpMethod": method,
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "path": f"/local{address}",
            "accountId": "000000000000",
            "protocol": "HTTP/1.1",
            "stage": "local",
            "apiId": "a1b2c3d4e5",
            "identity": {"sourceIp": "203.0.113.7", "userAgent": HEADERS["User-Agent"]},
            "authorizer": {"claims": CLAIMS} if signed_in else None,
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def queued(detail_type: str) -> dict[str, Any]:
    """Return an SQS event with one event of the bus."""
    detail = {
        "orderId": ORDER_ID,
        "restaurantName": RESTAURANT,
        "customerId": CUSTOMER_ID,
        "erasureId": ORDER_ID,
        "userId": NOBODY,
    }
    envelope = {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "source": "big-mouth",
        "detail-type": detail_type,
        "account": "000000000000",
        "time": "2026-01-05T10:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
    record = {
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": json.dumps(envelope),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1767607200000",
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1767607200001",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:queue",
        "awsRegion": "us-east-1",
    }
    return {"Records": [record]}


def inserted_order() -> dict[str, Any]:
    """Return the stream's event of one new order."""
    item = {
        "orderId": ORDER_ID,
        "customerId": CUSTOMER_ID,
        "restaurantName": RESTAURANT,
        "state": "placed",
        "placedAt": "2026-01-05T10:00:00.000000+00:00",
    }
    change = {
        "ApproximateCreationDateTime": 4_102_444_800,
        "Keys": {"orderId": {"S": ORDER_ID}},
        "NewImage": {name: {"S": value} for name, value in item.items()},
        "SequenceNumber": "4421584500000000017450439091",
        "SizeBytes": 120,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    record = {
        "eventID": "c4ca4238a0b923820dcc509a6f75849b",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": change,
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-05",
    }
    return {"Records": [record]}


_ONE = {"orderId": ORDER_ID}
SEARCH = request("POST", "/restaurants/search", body={"theme": "cartoon"})
NAMED_EVENTS: dict[str, dict[str, Any]] = {
    "web/get-index": request("GET", "/", signed_in=False),
    "web/get-asset": request("GET", "/assets/{file+}", path={"file": "style.css"}, signed_in=False),
    "restaurants/get-landing-page": request("GET", "/", signed_in=False),
    "restaurants/get-restaurants": request("GET", "/restaurants", signed_in=False),
    "restaurants/get-restaurant": request(
        "GET", "/restaurants/{name}", path={"name": RESTAURANT}, signed_in=False
    ),
    "restaurants/search-restaurants": SEARCH,
    "restaurants/put-restaurant": request(
        "PUT",
        "/restaurants/{name}",
        path={"name": RESTAURANT},
        body={"image": "assets/images/fangtasia.svg", "themes": ["true blood"]},
    ),
    "restaurants/delete-restaurant": request("DELETE", "/restaurants/{name}", path={"name": RESTAURANT}),
    "restaurants/put-favourite": request("PUT", "/favourites/{name}", path={"name": RESTAURANT}),
    "restaurants/delete-favourite": request("DELETE", "/favourites/{name}", path={"name": RESTAURANT}),
    "restaurants/get-favourites": request("GET", "/favourites"),
    "orders/place-order": request("POST", "/orders", body={"restaurantName": RESTAURANT}),
    "orders/get-order": request("GET", "/orders/{orderId}", path=_ONE),
    "orders/list-orders": request("GET", "/orders"),
    "orders/accept-order": request("POST", "/orders/{orderId}/accept", path=_ONE),
    "orders/reject-order": request("POST", "/orders/{orderId}/reject", path=_ONE),
    "orders/list-restaurant-orders": request("GET", "/restaurants/{name}/orders", path={"name": RESTAURANT}),
    "orders/erase-customer": queued("user_erasure_requested"),
    "orders/cancel-order": request("POST", "/orders/{orderId}/cancel", path=_ONE),
    "orders/publish-order-events": inserted_order(),
    "orders/mark-order-notified": queued("restaurant_notified"),
    "orders/expire-order": queued("order_placed"),
    "notifications/notify-restaurant": queued("order_placed"),
    "notifications/notify-customer": queued("order_accepted"),
}
"""First events that a function answers with success, by `service/function`."""


def _route_events() -> dict[str, dict[str, Any]]:
    """Return a request without a body for every route, with the same text for each part of its path."""
    return {
        f"{definition.parent.name}/{route.function}": request(
            route.method, route.path, path=dict.fromkeys(PATH_PART.findall(route.path), "example") or None
        )
        for definition in sorted(REPOSITORY.glob("services/*/serverless.yml"))
        for route in routes_of(load_mapping(definition))
    }


FIRST_EVENTS = _route_events() | NAMED_EVENTS
"""The first event of each function, by `service/function`; a route needs no event of its own here."""

CUSTOMER_FACING = (
    "web/get-index",
    "web/get-asset",
    "restaurants/get-restaurants",
    "restaurants/search-restaurants",
    "restaurants/put-favourite",
    "restaurants/get-favourites",
    "orders/place-order",
    "orders/get-order",
    "orders/list-orders",
)
"""The functions that a customer waits for, the ones that the page calls for a customer included."""
