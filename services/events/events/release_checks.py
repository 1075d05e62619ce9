"""What a new version of the function has to answer before events reach it."""

from collections.abc import Sequence

from service_kit.releases import Check, Invocation, release_check

EVENT = (
    '{"id": "release-check", "source": "release-check", "detail-type": "user_erased", '
    '"time": "2026-01-31T12:00:00Z", "detail": {}}'
)

CHECKS: dict[str, Sequence[Check]] = {
    "event-logger": [
        Invocation(
            payload={"Records": [{"messageId": "release-check", "body": EVENT}]},
            answers={"batchItemFailures": []},
        )
    ],
}

check_release = release_check(CHECKS)
