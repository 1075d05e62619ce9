"""The catalogue as it is usually kept: one item for each restaurant, by name, and a scan with a filter."""

from typing import Any

from boto3.dynamodb.conditions import Attr
from restaurants.domain.models import Restaurant, RestaurantPage
from service_kit.aws import table


class UsualCatalogue:
    """Finds restaurants by their theme without an index.

    It reads on until the page is full or the table ends. Where that is left out, as it mostly is, the search
    loses what stands behind the first megabyte.
    """

    def __init__(self, table_name: str) -> None:
        self._table = table(table_name)

    def page_of_theme(self, theme: str, *, after: str | None, count: int) -> RestaurantPage:  # noqa: ARG002, has no use
        """Return the first `count` restaurants of a theme that the scan comes across."""
        query: dict[str, Any] = {"FilterExpression": Attr("themes").contains(theme)}
        found: list[dict[str, Any]] = []
        while len(found) < count:
            answer = self._table.scan(**query)
            found += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                break
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        shown = [Restaurant.model_validate(item) for item in found[:count]]
        return RestaurantPage(restaurants=shown, last=None)
