"""Ask the services of a stage to erase a person, and wait until all have answered."""

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from stagectl import aws
from stagectl.checkout.facts import EVENT_SOURCE
from stagectl.checkout.services import Stack, event_queues_for
from stagectl.errors import StagectlError
from stagectl.people.audit import key_of
from stagectl.people.user_pool import OWNER, User
from stagectl.recovery import event_archive, messages, replay
from stagectl.recovery.messages import Message

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_sqs.client import SQSClient

REQUESTED = "user_erasure_requested"
ASKED_AGAIN_AFTER = timedelta(seconds=30)
"""An answer may be lost with the process that waited for it, so the question is repeated."""

_SCHEMA_VERSION = "1"
_HIDDEN_SECONDS = 10
_STALE = 2 * ASKED_AGAIN_AFTER
"""An answer to another erasure is left to its process for so long: it is given back six times, not ten."""


class Erasure:
    """The erasure of one person by the services of a stage.

    Its id follows from the user, so that a repeated erasure continues the one before it.

    Args:
        events: Client of EventBridge.
        sqs: Client of SQS.
        stage: The stage.
        user: The person.
    """

    def __init__(self, events: "EventBridgeClient", sqs: "SQSClient", stage: str, user: User) -> None:
        self._events = events
        self._sqs = sqs
        self._stage = stage
        self._user = user
        self.id = key_of(user.user_id)

    @classmethod
    def on(cls, stage: str, user: User) -> Self:
        """Return the erasure of a user of a stage, whose target must have been entered."""
        session = aws.session()
        return cls(session.client("events"), session.client("sqs"), stage, user)

    def services(self, stacks: Iterable[Stack]) -> list[str]:
        """Return the services that must answer: those with a rule that names the request.

        Args:
            stacks: The stage's stacks, of which those that declare such a rule must be there.

        Raises:
            StagectlError: There is no rule, though some declare one.
        """
        bus = event_archive.name_of(self._stage)
        found = sorted(
            # A rule is called {service}-{stage}-{queue}.
            rule.name.partition(f"-{self._stage}-")[0]
            for rule in replay.rules_of(self._events, bus)
            if REQUESTED in rule.detail_types
        )
        if not found and any(event_queues_for(one, REQUESTED) for one in stacks):
            raise StagectlError(
                f"No service of stage {self._stage} answers {REQUESTED}, so their data would stay. "
                f"Deploy the services: stagectl up --stage {self._stage}."
            )
        return found

    def answers(
        self,
        services: Collection[str],
        *,
        patience: timedelta,
        clock: Callable[[], float] = time.monotonic,
    ) -> Iterator[str]:
        """Ask, and yield each service when it has erased the person.

        Raises:
            StagectlError: Not all answered in time, or the bus did not take the request.
        """
        url = self._answers_url()
        missing = set(services)
        deadline = clock() + patience.total_seconds()
        ask_at = clock()
        while missing:
            if clock() >= deadline:
                raise StagectlError(
                    f"Not erased by {', '.join(sorted(missing))} within {patience.total_seconds():.0f} s. "
                    "The user stays disabled. Look at the queues of failures (stagectl dlq list --stage "
                    f"{self._stage}), then repeat the command: it continues."
                )
            if clock() >= ask_at:
                self._ask()
                ask_at = clock() + ASKED_AGAIN_AFTER.total_seconds()
            for message in messages.receive(self._sqs, url, at_most=10, hidden_seconds=_HIDDEN_SECONDS):
                erasure_id, service = _answer_in(message)
                if erasure_id == self.id or datetime.now(tz=UTC) - message.sent_at > _STALE:
                    self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message.handle)
                if erasure_id == self.id and service in missing:
                    missing.remove(service)
                    yield service

    def request(self) -> dict[str, Any]:
        """Return the detail of the request's event."""
        return {
            "erasureId": self.id,
            "userId": self._user.user_id,
            "email": self._user.email.lower(),
            "metadata": {"correlationId": self.id, "schemaVersion": _SCHEMA_VERSION},
        }

    def _ask(self) -> None:
        answer = self._events.put_events(
            Entries=[
                {
                    "EventBusName": event_archive.name_of(self._stage),
                    "Source": EVENT_SOURCE,
                    "DetailType": REQUESTED,
                    "Detail": json.dumps(self.request()),
                }
            ]
        )
        if answer["FailedEntryCount"]:
            code = answer["Entries"][0].get("ErrorCode")
            raise StagectlError(f"The bus refused the request: {code}. Repeat the command: it continues.")

    def _answers_url(self) -> str:
        name = f"{OWNER}-{self._stage}-user-erased"
        try:
            return self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        except self._sqs.exceptions.QueueDoesNotExist:
            raise StagectlError(
                f"There is no queue {name} for the answers. "
                f"Deploy it: stagectl up --stage {self._stage} --service {OWNER}."
            ) from None


def _answer_in(message: Message) -> tuple[str | None, str | None]:
    """Return the erasure and the service that an answer names; None for what it does not say."""
    try:
        detail = json.loads(message.body)["detail"]
        return detail.get("erasureId"), detail.get("service")
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, None
