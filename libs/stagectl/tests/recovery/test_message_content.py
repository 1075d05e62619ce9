import json

import pytest

from stagectl.recovery.message_content import Kind, kind_of, payload_of, reason_in

EVENT = {
    "version": "0",
    "id": "1",
    "detail-type": "order_placed",
    "source": "big-mouth",
    "detail": {"orderId": "1"},
}
UNPUBLISHED = {
    "EventBusName": "shared-infra-dev",
    "Source": "big-mouth",
    "DetailType": "order_placed",
    "Detail": '{"orderId": "1"}',
    "reason": "ThrottlingException",
}
STREAM_FAILURE = {
    "requestContext": {"condition": "RetryAttemptsExhausted"},
    "responseContext": {"functionError": "Unhandled"},
    "DDBStreamBatchInfo": {"shardId": "s"},
}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps(EVENT), Kind.MESSAGE),
        (json.dumps(UNPUBLISHED), Kind.UNPUBLISHED_EVENT),
        (json.dumps({**UNPUBLISHED, "more": 1}), Kind.UNPUBLISHED_EVENT),
        (json.dumps({"Source": "big-mouth"}), Kind.MESSAGE),
        (json.dumps(STREAM_FAILURE), Kind.STREAM_FAILURE),
        ("[]", Kind.MESSAGE),
        ('{"Records": [{"eventSource": "aws:dynamodb"}]}', Kind.STREAM_RECORD),
        ("no JSON", Kind.UNREADABLE),
        ("", Kind.UNREADABLE),
        ("[" * 50_000, Kind.UNREADABLE),
        ("[" * 50_000 + "]" * 50_000, Kind.UNREADABLE),
        ('{"a":' * 500 + "1" + "}" * 500, Kind.UNREADABLE),
        ("\x00\x1b\ufffd", Kind.UNREADABLE),
        ("\ud800", Kind.UNREADABLE),
        ("1" * 10_000, Kind.UNREADABLE),
        ('{"Source": 1, "EventBusName": [], "DetailType": {}, "Detail": 0, "reason": null}', Kind.MESSAGE),
        ('{"DDBStreamBatchInfo": []}', Kind.MESSAGE),
    ],
)
def test_a_message_is_known_by_its_body(body: str, kind: Kind) -> None:
    assert kind_of(body) is kind


def test_of_an_event_its_type_and_detail_are_shown() -> None:
    assert payload_of(json.dumps(EVENT)) == {name: EVENT[name] for name in EVENT if name != "version"}


def test_of_an_unpublished_event_the_detail_is_shown_parsed() -> None:
    assert payload_of(json.dumps(UNPUBLISHED)) == {
        "detail-type": "order_placed",
        "source": "big-mouth",
        "detail": {"orderId": "1"},
    }


def test_text_is_shown_as_it_is() -> None:
    assert payload_of("no JSON") == "no JSON"


@pytest.mark.parametrize("name", ["password", "idToken", "clientSecret", "Authorization"])
def test_secrets_are_not_shown_however_deep(name: str) -> None:
    body = json.dumps({"detail-type": "x", "detail": {"list": [{name: "precious"}]}})

    assert "precious" not in json.dumps(payload_of(body))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (UNPUBLISHED, "ThrottlingException"),
        (STREAM_FAILURE, "RetryAttemptsExhausted, Unhandled"),
        ({"DDBStreamBatchInfo": {}}, None),
        (EVENT, None),
    ],
)
def test_a_reason_is_read_where_the_body_has_one(body: object, reason: str | None) -> None:
    assert reason_in(json.dumps(body)) == reason


@pytest.mark.parametrize(
    "secret",
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln", "AKIAIOSFODNN7EXAMPLE", "Bearer 0123456789abcdef"],
)
@pytest.mark.parametrize("where", [{"note": "{}"}, {"list": ["say {} twice"]}, {"{}": 1}])
def test_what_looks_like_a_secret_is_not_shown_whatever_its_member_is_called(
    secret: str, where: dict[str, object]
) -> None:
    body = json.dumps(where).replace("{}", secret)

    assert secret.removeprefix("Bearer ") not in json.dumps(payload_of(body))
    assert secret.removeprefix("Bearer ") not in json.dumps(payload_of(body + "broken"))


def test_of_something_unreadable_and_long_the_beginning_is_shown_with_its_length() -> None:
    assert payload_of("[" * 50_000) == "[" * 2_000 + " … (50000 characters)"


def test_an_event_whose_detail_is_unreadable_is_shown() -> None:
    body = json.dumps({**UNPUBLISHED, "Detail": "[" * 50_000})

    assert payload_of(body)["detail"].startswith("[[[")
