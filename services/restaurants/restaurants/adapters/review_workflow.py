"""The Step Functions state machine that waits for reviewers."""

import contextlib
import json
from datetime import timedelta

from restaurants.domain.submissions import Submission
from service_kit.aws import client
from service_kit.invocation import correlation_id, is_release_check


class ReviewWorkflow:
    """Starts and ends the wait for the review of a submission.

    Args:
        state_machine_arn: The state machine; None for functions that only end waits.
    """

    def __init__(self, state_machine_arn: str | None = None) -> None:
        self._state_machine_arn = state_machine_arn
        self._step_functions = client("stepfunctions")

    def start(self, submission: Submission, *, patience: timedelta) -> None:
        """Start to wait, named by the submission and its time, so that each is waited for once."""
        if self._state_machine_arn is None:
            raise TypeError("this function does not start workflows")
        wait = {
            "submissionId": submission.submission_id,
            "patienceSeconds": int(patience.total_seconds()),
            "correlationId": correlation_id(),
        }
        with contextlib.suppress(self._step_functions.exceptions.ExecutionAlreadyExists):
            self._step_functions.start_execution(
                stateMachineArn=self._state_machine_arn,
                name=f"{submission.submission_id}-{int(submission.submitted_at.timestamp() * 1000)}",
                input=json.dumps(wait),
            )

    def end(self, token: str) -> None:
        """End a wait; one that is over is left alone."""
        known = self._step_functions.exceptions
        over = [known.TaskTimedOut, known.TaskDoesNotExist]
        # A check of a release has no token of a wait.
        over += [known.InvalidToken] if is_release_check() else []
        with contextlib.suppress(*over):
            self._step_functions.send_task_success(taskToken=token, output="{}")
