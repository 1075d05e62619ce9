"""The Step Functions state machine that waits for restaurants' answers."""

import json
from datetime import timedelta

from service_kit.clients import client
from service_kit.invocation import log_error
from service_kit.snapshots import before_snapshot


class StepFunctionsWaits:
    """Starts one execution for each order."""

    def __init__(self, state_machine_arn: str) -> None:
        self._state_machine_arn = state_machine_arn

    def start(self, order_id: str, *, patience: timedelta) -> None:
        """Start to wait, named by the order, so that an order is waited for once however often this runs."""
        step_functions = client("stepfunctions")
        wait = {"orderId": order_id, "patienceSeconds": int(patience.total_seconds())}
        try:
            step_functions.start_execution(
                stateMachineArn=self._state_machine_arn, name=order_id, input=json.dumps(wait)
            )
        except step_functions.exceptions.ExecutionAlreadyExists:
            # With other input than now, since the configuration has changed in between.
            return


class StepFunctionsWaiting:
    """Ends waiting executions."""

    def __init__(self) -> None:
        before_snapshot(lambda: client("stepfunctions"))

    def end(self, token: str) -> None:
        """End the waiting.

        A failure is only logged: the order is answered whatever happens here, and an execution that goes on
        waiting ends by its time-out and changes nothing.
        """
        step_functions = client("stepfunctions")
        try:
            step_functions.send_task_success(taskToken=token, output="{}")
        except (step_functions.exceptions.TaskTimedOut, step_functions.exceptions.TaskDoesNotExist):
            return
        except step_functions.exceptions.ClientError as error:
            log_error("could not end the waiting for an answer", error)
