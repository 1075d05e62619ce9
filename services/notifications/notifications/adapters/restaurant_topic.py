"""The SNS topic that restaurants' channels subscribe to."""

from notifications.domain.models import OrderPlaced
from service_kit.aws import client


class RestaurantTopic:
    """Sends orders to their restaurants."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def tell(self, order: OrderPlaced) -> None:
        """Publish the order as JSON, with its restaurant as an attribute that subscriptions can filter by."""
        client("sns").publish(
            TopicArn=self._topic_arn,
            Message=order.model_dump_json(by_alias=True),
            MessageAttributes={
                "restaurantName": {"DataType": "String", "StringValue": order.restaurant_name}
            },
        )
