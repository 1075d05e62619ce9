"""Accept every order of a stage after some seconds, for people who only want to look."""

import json

from stagectl import aws
from stagectl.errors import StagectlError
from stagectl.stages.orders import Orders
from stagectl.terminal import console

DELAY_SECONDS = 5

NAME = "auto-accept"
_POLL_SECONDS = 1


class AutoAccept:
    """Accepts the orders that are placed from now on; its queue and rule go with the emulator.

    Args:
        orders: The orders of a stage of the emulator, whose target must have been entered.
    """

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._sqs = aws.session().client("sqs")
        self._queue_url = self._listen()

    def serve(self) -> None:
        """Wait a moment for orders, and accept those whose time has come."""
        received = self._sqs.receive_message(QueueUrl=self._queue_url, WaitTimeSeconds=_POLL_SECONDS)
        for message in received.get("Messages", []):
            order_id = json.loads(message["Body"])["detail"]["orderId"]
            try:
                self._orders.answer(order_id, "accept")
                console.say(f"Accepted order {order_id}")
            except StagectlError as error:
                console.say(f"Order {order_id} was not accepted: {error}")
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _listen(self) -> str:
        """Make the bus send each placed order to a queue that holds it back; return the queue's URL."""
        stage = self._orders.stage.name
        events, ssm = aws.session().client("events"), aws.session().client("ssm")
        bus = ssm.get_parameter(Name=f"/shared-infra/{stage}/eventBusName")["Parameter"]["Value"]
        rule = events.put_rule(
            Name=NAME, EventBusName=bus, EventPattern=json.dumps({"detail-type": ["order_placed"]})
        )["RuleArn"]
        url = self._sqs.create_queue(QueueName=NAME, Attributes={"DelaySeconds": str(DELAY_SECONDS)})[
            "QueueUrl"
        ]
        arn = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        events.put_targets(Rule=NAME, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
        return url
