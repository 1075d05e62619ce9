import json
import time
import uuid
from collections.abc import Callable
from typing import Any

Client = Callable[..., Any]
WITHIN_SECONDS = 20


def test_a_task_times_out_after_the_seconds_of_its_input(aws: Client) -> None:
    queue = aws("sqs").create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"]
    trust = {"Version": "2012-10-17", "Statement": []}
    role = aws("iam").create_role(RoleName=uuid.uuid4().hex, AssumeRolePolicyDocument=json.dumps(trust))
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"},
        "TimeoutSecondsPath": "$.seconds",
        "End": True,
    }
    machine = aws("stepfunctions").create_state_machine(
        name=uuid.uuid4().hex,
        definition=json.dumps({"StartAt": "Wait", "States": {"Wait": wait}}),
        roleArn=role["Role"]["Arn"],
    )

    execution = aws("stepfunctions").start_execution(
        stateMachineArn=machine["stateMachineArn"], input=json.dumps({"seconds": 1})
    )

    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        found = aws("stepfunctions").describe_execution(executionArn=execution["executionArn"])
        if found["status"] != "RUNNING":
            break
        time.sleep(0.1)
    assert (found["status"], found.get("error")) == ("FAILED", "States.Timeout")
