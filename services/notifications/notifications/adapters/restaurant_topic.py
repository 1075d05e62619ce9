"""The SNS topic that restaurants' channels subscribe to."""

import json

from notifications.domain.models import OrderForRestaurant
from service_kit.aws import client
from service_kit.invocation import correlation_id, is_release_check


class RestaurantTopic:
    """Sends orders, and what happens to them, to their restaurants."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def tell(self, what_happened: str, order: OrderForRestaurant) -> None:
        """Publish the order as JSON, with attributes that subscriptions can filter by."""
        message = {"what": what_happened} | order.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if is_release_check():
            # SNS has no publication without receivers.
            return
        client("sns").publish(
            TopicArn=self._topic_arn,
            Message=json.dumps(message, ensure_ascii=False),
            MessageAttributes={
                "restaurantName": {"DataType": "String", "StringValue": order.restaurant_name},
                "what": {"DataType": "String", "StringValue": what_happened},
                "correlationId": {"DataType": "String", "StringValue": correlation_id() or "unknown"},
            },
        )
