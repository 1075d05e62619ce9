"""The Step Functions state machine that waits for restaurants' answers."""

import contextlib
import json
from datetime import timedelta

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from service_kit.aws import client
from service_kit.deadlines import within
from service_kit.invocation import lambda_context, log_error, seconds_left

metrics = Metrics()

PATIENCE_SECONDS = 2.0
"""How long whoever answers an order waits for Step Functions."""

_ANSWERING_SECONDS = 0.5


class StepFunctionsWaits:
    """Starts one execution for each order."""

    def __init__(self, state_machine_arn: str) -> None:
        self._state_machine_arn = state_machine_arn
        self._step_functions = client("stepfunctions")

    def start(self, order_id: str, *, patience: timedelta) -> None:
        """Start to wait, named by the order, so that an order is waited for once however often this runs."""
        wait = {"orderId": order_id, "patienceSeconds": int(patience.total_seconds())}
        try:
            self._step_functions.start_execution(
                stateMachineArn=self._state_machine_arn, name=order_id, input=json.dumps(wait)
            )
        except self._step_functions.exceptions.ExecutionAlreadyExists:
            # With other input than now, since the configuration has changed in between.
            return


class StepFunctionsWaiting:
    """Ends waiting executions."""

    def __init__(self) -> None:
        self._step_functions = client("stepfunctions")

    def end(self, token: str) -> None:
        """End the waiting, if Step Functions answers soon.

        Whatever fails is only logged and counted: the order is answered by then, and an execution that still
        waits ends by its time-out and changes nothing.
        """
        try:
            with within(min(PATIENCE_SECONDS, seconds_left(lambda_context()) - _ANSWERING_SECONDS)):
                self._end(token)
        except Exception as error:  # noqa: BLE001, nothing may turn the answer into an error
            metrics.add_metric(name="WaitingNotEnded", unit=MetricUnit.Count, value=1)
            log_error("could not end the waiting for an answer", error)

    def _end(self, token: str) -> None:
        known = self._step_functions.exceptions
        # Nothing waits any more: the order's time was up, or this is the same answer again.
        with contextlib.suppress(known.TaskTimedOut, known.TaskDoesNotExist):
            self._step_functions.send_task_success(taskToken=token, output="{}")
