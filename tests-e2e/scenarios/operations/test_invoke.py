"""One function, invoked from the checkout with the deployed environment and its own role, or where it is."""

import json
import socket
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from stagectl.system import processes

from support.polling import until
from support.stage import REPOSITORY, Stage
from support.stagectl_command import stagectl, started

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

PLACE = ("orders", "place-order", "--route", "POST /orders", "--as", "customer")
HANDLER = REPOSITORY / "services" / "orders" / "orders" / "handlers" / "place_order.py"
SECONDS = 60


class Debugger:
    """A client of the Debug Adapter Protocol, as an editor is one."""

    def __init__(self, port: int) -> None:
        found = until(partial(connection_to, port), bool, within_seconds=SECONDS, what="it waits")
        assert found is not None
        self._socket = found
        self._stream = self._socket.makefile("rb")
        self._sent = 0

    def close(self) -> None:
        """End the connection."""
        self._stream.close()
        self._socket.close()

    def request(self, command: str, **arguments: Any) -> int:
        """Send a request, and return its number."""
        self._sent += 1
        message = {"seq": self._sent, "type": "request", "command": command, "arguments": arguments}
        text = json.dumps(message).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        return self._sent

    def wait_for(self, **members: Any) -> dict[str, Any]:
        """Return the next message with these members; the socket has a deadline."""
        while True:
            length = 0
            while (line := self._stream.readline().strip()) or not length:
                assert line, "the debugger closed the connection"
                length = int(line.partition(b":")[2])
            message: dict[str, Any] = json.loads(self._stream.read(length))
            if members.items() <= message.items():
                return message

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Send a request, and return the body of its answer."""
        answer = self.wait_for(type="response", request_seq=self.request(command, **arguments))
        assert answer["success"], answer
        body: dict[str, Any] = answer.get("body", {})
        return body


def connection_to(port: int) -> socket.socket | None:
    try:
        return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
    except ConnectionRefusedError:
        return None


@pytest.mark.about("orders")
def test_a_debugger_stops_at_a_breakpoint_and_sees_the_request(stage: Stage) -> None:
    port = processes.free_port()
    line = next(
        number
        for number, text in enumerate(HANDLER.read_text().splitlines(), start=1)
        if "return PlacedOrder(" in text
    )
    with started(stage, "invoke", *PLACE, "--debug", "--debug-port", str(port)) as process:
        with closing(Debugger(port)) as debugger:
            debugger.ask("initialize", adapterID="test", clientID="test", pathFormat="path")
            attached = debugger.request("attach", justMyCode=True)
            debugger.wait_for(type="event", event="initialized")
            debugger.ask("setBreakpoints", source={"path": str(HANDLER)}, breakpoints=[{"line": line}])
            debugger.ask("configurationDone")
            debugger.wait_for(type="response", request_seq=attached)

            stopped = debugger.wait_for(type="event", event="stopped")["body"]
            frame = debugger.ask("stackTrace", threadId=stopped["threadId"])["stackFrames"][0]
            seen = debugger.ask("evaluate", expression="order.restaurant_name", frameId=frame["id"])
            debugger.ask("continue", threadId=stopped["threadId"])
            debugger.wait_for(type="event", event="terminated")
        output, errors = process.communicate(timeout=SECONDS)

    assert (stopped["reason"], frame["line"]) == ("breakpoint", line)
    assert seen["result"] == "'Fangtasia'"
    assert process.returncode == 0, errors
    assert json.loads(output)["statusCode"] == 200


@pytest.mark.about("orders")
def test_a_handler_has_the_permissions_of_its_function_alone(stage: Stage) -> None:
    ran = stagectl(stage, "invoke", "orders", "list-orders", "--route", "GET /orders", "--as", "customer")
    assert json.loads(ran.stdout)["statusCode"] == 200

    role = f"orders-{stage.name}-list-orders"
    deny = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}}
    stage.iam.put_role_policy(RoleName=role, PolicyName="deny", PolicyDocument=json.dumps(deny))
    try:
        ran = stagectl(stage, "invoke", "orders", "list-orders", "--route", "GET /orders", "--as", "customer")
    finally:
        stage.iam.delete_role_policy(RoleName=role, PolicyName="deny")
    assert json.loads(ran.stdout)["statusCode"] == 500
    assert "AccessDenied" in ran.stderr


@pytest.mark.about("notifications")
def test_a_deployed_consumer_gets_the_example_of_the_catalogue(stage: Stage) -> None:
    ran = stagectl(stage, "invoke", "notifications", "notify-customer", "--remote")

    assert json.loads(ran.stdout) == {"batchItemFailures": []}
    assert '"function":"notify-customer"' in ran.stderr
