"""Starting the wait for the review of a submission."""

import json
from datetime import timedelta

from restaurants.adapters.review_workflow import ReviewWorkflow
from service_kit.invocation import invocation
from service_kit.testing import StubClient, lambda_context

from .restaurants_fakes import submission

ARN = "arn:aws:states:eu-central-1:123456789012:stateMachine:restaurants-test-review-submission"


def test_the_execution_is_followed_under_the_correlation_id_of_the_request(stub_client: StubClient) -> None:
    step_functions = stub_client("stepfunctions")
    started: list[dict[str, str]] = []
    step_functions.client.meta.events.register(
        "before-parameter-build.sfn.StartExecution", lambda params, **_: started.append(params)
    )
    step_functions.add_response("start_execution", {"executionArn": f"{ARN}:1", "startDate": 0})
    with invocation(lambda_context(), correlation="c-1"):
        ReviewWorkflow(ARN).start(submission(), patience=timedelta(seconds=60))
    assert json.loads(started[0]["input"])["correlationId"] == "c-1"
