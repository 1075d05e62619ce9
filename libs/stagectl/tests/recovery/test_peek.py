"""What `dlq peek` and `dlq redrive` show of messages that anyone may have written."""

import json
import unicodedata
from typing import Any

import pytest
from rich.text import Text
from typer.testing import CliRunner

from stagectl import aws
from stagectl.cli import app
from stagectl.commands.recovery.dlq import peek, redrive
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.terminal import console

from ..fakes.sqs import FakeSqs

STEERING = "\x1b[2J\x1b]0;title\x07\x9b31m\u202egnp.exe\u2066\u200e\x00\x7f\ud800"
BODIES = [
    STEERING,
    json.dumps({"note": STEERING, STEERING: [STEERING]}),
    json.dumps({"detail-type": STEERING, "detail": {"a": STEERING}}),
    json.dumps(
        {
            "EventBusName": STEERING,
            "Source": "s",
            "DetailType": STEERING,
            "Detail": STEERING,
            "reason": STEERING,
        }
    ),
    "[" * 50_000,
    '{"a":' * 5_000 + "1" + "}" * 5_000,
    json.dumps({"large": ["x" * 1_000] * 1_000}),
    "",
    "null",
    '"text"',
    "NaN",
    json.dumps({"requestContext": [], "responseContext": 5, "DDBStreamBatchInfo": {"streamArn": 7}}),
]


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> FakeSqs:
    fake = FakeSqs()
    for body in BODIES:
        fake.put("url", body)
        said = {"ERROR_CODE": STEERING, "ERROR_MESSAGE": STEERING}
        fake.queues["url"][-1].attributes = {
            name: {"DataType": "String", "StringValue": value} for name, value in said.items()
        }
    arn = "arn:aws:sqs:eu-central-1:000000000000:orders-dev-x-dlq"
    queue = DeadLetterQueue("orders-dev-x-dlq", "x-dlq", "url", len(BODIES), (), arn, "dev")
    for command in (peek, redrive):
        monkeypatch.setattr(command, "queues_of", lambda *_a, **_o: ("dev", [queue]))
    monkeypatch.setattr(aws, "session", lambda: Session(fake))
    return fake


class Session:
    def __init__(self, fake: FakeSqs) -> None:
        self._fake = fake

    def client(self, _service: str) -> Any:
        return self._fake


def steering_in(text: str) -> set[str]:
    return {one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Cs"}} - {"\n"}


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_messages_of_any_shape_are_shown_and_none_steers_the_terminal(
    sqs: FakeSqs, options: list[str]
) -> None:
    shown = CliRunner().invoke(app, ["dlq", "peek", "x-dlq", "--count", "100", *options])

    assert shown.exception is None
    assert shown.exit_code == 0
    assert steering_in(shown.output) == set()
    assert "unreadable" in shown.output
    assert len(sqs.bodies("url")) == len(BODIES)
    if options:
        assert len(json.loads(shown.stdout)) == len(BODIES)


def test_redriving_them_names_what_stays_and_steers_nothing(sqs: FakeSqs) -> None:
    shown = CliRunner().invoke(app, ["dlq", "redrive", "x-dlq", "--rate", "1000"])

    assert shown.exit_code == 1
    assert steering_in(shown.output) == set()
    assert "it names the bus" in shown.output
    assert len(sqs.bodies("url")) == len(BODIES)


def test_what_is_printed_in_colour_steers_nothing_either(capsys: pytest.CaptureFixture[str]) -> None:
    console.styled(Text(f"before {STEERING} after", style="bold"))

    assert steering_in(capsys.readouterr().out) == set()
