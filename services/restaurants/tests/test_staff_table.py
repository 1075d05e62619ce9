"""The staff in DynamoDB: what is made of answers that a real table does not give on demand."""

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from restaurants import wiring
from restaurants.domain.errors import RestaurantChangedError

from .restaurants_fakes import staff_member


def cancel(dynamodb: Stubber, reason: str) -> None:
    """Let the next transaction fail for a reason."""
    dynamodb.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": reason}, {"Code": "None"}]},
    )


def test_a_restaurant_that_changes_at_the_same_time_is_a_conflict(dynamodb: Stubber) -> None:
    cancel(dynamodb, "TransactionConflict")
    with pytest.raises(RestaurantChangedError, match="“Fangtasia”"):
        wiring.staff().add("Fangtasia", staff_member("ada@x.example"))


def test_a_transaction_that_was_throttled_is_no_conflict(dynamodb: Stubber) -> None:
    cancel(dynamodb, "ThrottlingError")
    with pytest.raises(ClientError, match="TransactionCanceled"):
        wiring.staff().add("Fangtasia", staff_member("ada@x.example"))
