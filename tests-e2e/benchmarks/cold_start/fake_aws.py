"""A loopback AWS over TLS: answers, in AWS's own shapes, the calls that handlers make for a first answer.

It runs in a process of its own, so that what it costs does not count as the handler's:

    python -m benchmarks.cold_start.fake_aws CERTIFICATE_AND_KEY

prints its port and serves until its standard input ends.
"""

import json
import ssl
import sys
import threading
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

RESTAURANTS = [
    {"name": name, "image": f"assets/images/restaurant-{number}.svg", "themes": ["cartoon", "rainbow"]}
    for number, name in enumerate(
        ["Fangtasia", "Freddy's BBQ Joint", "Pizza Planet", "Shinra", "Leaky Cauldron"], 1
    )
]
ORDER = {
    "orderId": "5d0a9a0e-3ae5-4ed2-8ff6-1a6c53f7f3a1",
    "customerId": "4f7c7d7e-9d3a-4d0c-9b1c-2f3d8f2c9a10",
    "restaurantName": "Fangtasia",
    "state": "placed",
    "placedAt": "2026-01-05T10:00:00.000000+00:00",
}
# A function asks over one connection, which is one thread here: it finds the order as it has answered it.
_answered = threading.local()
REQUEST_ID = "7RKQ3V0H5S3J6B9T1M2N4P8C0DVV4KQNSO5AEMVJF66Q9ASUAAJG"


class FakeAws(ThreadingHTTPServer):
    """Serves on a free port of the loopback interface; counts its answers by operation."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.context = context

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.server_address[1]}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, so that a slow client delays no other."""
        if self.context is not None:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: processes that are killed in the middle of a connection are what this is for."""


class _Answering(BaseHTTPRequestHandler):
    server: FakeAws
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        target = self.headers.get("x-amz-target", "")
        if target:
            self._send(
                _json_service(target, json.loads(body or b"{}"), self.server.url),
                "application/x-amz-json-1.0",
            )
        else:
            self._send_xml(parse_qs(body.decode())["Action"][0])

    def do_GET(self) -> None:
        # The restaurants service: its list, or one restaurant.
        answer: Any = [_as_seen(restaurant, self.server.url) for restaurant in RESTAURANTS]
        if not self.path.endswith("/restaurants"):
            answer = answer[0]
        self._send(answer, "application/json")

    def _send(self, answer: Any, media_type: str) -> None:
        content = json.dumps(answer).encode()
        self._reply(content, {"content-type": media_type, "x-amz-crc32": str(zlib.crc32(content))})

    def _send_xml(self, action: str) -> None:
        content = (
            f'<{action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><{action}Result>'
            f"<MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></{action}Result>"
            f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></{action}Response>"
        ).encode()
        self._reply(content, {"content-type": "text/xml"})

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _reply(self, content: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(200)
        for name, value in {"x-amzn-requestid": REQUEST_ID, **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


def _json_service(target: str, request: dict[str, Any], url: str) -> dict[str, Any]:
    service, _, operation = target.partition(".")
    answer = _ANSWERS.get((service.partition("_")[0], operation))
    # Writes and notes have nothing to say.
    return answer(request, url) if answer else {}


def _get_parameter(request: dict[str, Any], url: str) -> dict[str, Any]:
    return {"Parameter": _parameter(request["Name"], url)}


def _get_parameters(request: dict[str, Any], url: str) -> dict[str, Any]:
    return {"Parameters": [_parameter(name, url) for name in request["Names"]], "InvalidParameters": []}


def _query(request: dict[str, Any], _url: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = RESTAURANTS
    is_about_nobody = {"S": "nobody"} in request.get("ExpressionAttributeValues", {}).values()
    is_staff = "IndexName" not in request and "staff" in request["TableName"].lower()
    if is_about_nobody or is_staff:
        found = []
    elif "IndexName" in request:
        found = [ORDER]
    elif "favourites" in request["TableName"]:
        found = [{"customerId": ORDER["customerId"], "name": RESTAURANTS[0]["name"]}]
    items = found[: request.get("Limit", 4)]
    count = len(items)
    return {"Items": [_attributes(item) for item in items], "Count": count, "ScannedCount": count}


def _get_item(request: dict[str, Any], _url: str) -> dict[str, Any]:
    match request["Key"]:
        case {"orderId": _}:
            return {"Item": _attributes(ORDER | vars(_answered))}
        case {"name": _}:
            return {"Item": _attributes(RESTAURANTS[0] | {"listing": "all", "version": 1})}
        case _:
            return {}


def _batch_get_item(request: dict[str, Any], _url: str) -> dict[str, Any]:
    restaurant = _attributes(RESTAURANTS[0] | {"listing": "all", "version": 1})
    found = {
        table: [_attributes(ORDER) if "orderId" in asked["Keys"][0] else restaurant]
        for table, asked in request["RequestItems"].items()
    }
    return {"Responses": found, "UnprocessedKeys": {}}


def _update_item(request: dict[str, Any], _url: str) -> dict[str, Any]:
    if answer := request["ExpressionAttributeValues"].get(":answer"):
        _answered.state = answer["S"]
    return {"Attributes": _attributes(ORDER | {"state": "accepted"})} if "ReturnValues" in request else {}


def _put_events(request: dict[str, Any], _url: str) -> dict[str, Any]:
    return {"FailedEntryCount": 0, "Entries": [{"EventId": REQUEST_ID} for _ in request["Entries"]]}


_ANSWERS: dict[tuple[str, str], Callable[[dict[str, Any], str], dict[str, Any]]] = {
    ("AmazonSSM", "GetParameter"): _get_parameter,
    ("AmazonSSM", "GetParameters"): _get_parameters,
    ("DynamoDB", "Query"): _query,
    ("DynamoDB", "GetItem"): _get_item,
    ("DynamoDB", "BatchGetItem"): _batch_get_item,
    ("DynamoDB", "BatchWriteItem"): lambda _request, _url: {"UnprocessedItems": {}},
    ("DynamoDB", "UpdateItem"): _update_item,
    ("AWSEvents", "PutEvents"): _put_events,
}


def _parameter(name: str, url: str) -> dict[str, Any]:
    values = {
        "config": '{"defaultResults": 4, "patienceSeconds": 900}',
        "secretString": "correct horse battery staple",
        "serviceUrl": f"{url}/local",
        "userPoolId": "us-east-1_a1B2c3D4e",
        "webClientId": "1h57kf5cpq17m0eml12EXAMPLE",
    }
    return {
        "Name": name,
        "Type": "SecureString" if name.endswith("secretString") else "String",
        "Value": values.get(name.rpartition("/")[2], "text"),
        "Version": 1,
        "LastModifiedDate": 1767607200.0,
        "ARN": f"arn:aws:ssm:us-east-1:000000000000:parameter{name}",
        "DataType": "text",
    }


def _as_seen(restaurant: dict[str, Any], url: str) -> dict[str, Any]:
    return restaurant | {"image": f"{url}/{restaurant['image']}"}


def _attributes(item: dict[str, Any]) -> dict[str, Any]:
    return {name: _attribute(value) for name, value in item.items()}


def _attribute(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"L": [_attribute(member) for member in value]}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def serve(context: ssl.SSLContext | None) -> FakeAws:
    """Start to serve in a thread and give the server."""
    server = FakeAws(context)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    """Serve until standard input ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server = serve(context)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
