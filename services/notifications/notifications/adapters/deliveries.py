"""The DynamoDB table of deliveries: what was told already."""

from collections.abc import Callable

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

from service_kit.aws import client
from service_kit.invocation import lambda_context

logger = Logger()

REMEMBERED_SECONDS = 14 * 24 * 3600


class Deliveries:
    """Delivers something once, however often the event comes that asks for it.

    A delivery that is under way elsewhere raises, so that the event comes again later; one that failed or was
    cut off is done again.
    """

    def __init__(self, table_name: str, *, purpose: str) -> None:
        self._purpose = purpose
        self._store = DynamoDBPersistenceLayer(table_name=table_name, boto3_client=client("dynamodb"))

    def once(self, name: str, deliver: Callable[[], None]) -> None:
        """Call `deliver` unless it was called for this purpose and name before.

        That is remembered for as long as queues keep events.
        """
        config = IdempotencyConfig(expires_after_seconds=REMEMBERED_SECONDS)
        config.register_lambda_context(lambda_context())

        is_new = False

        def delivery(*, name: str) -> None:  # noqa: ARG001, what deliveries are told apart by
            nonlocal is_new
            is_new = True
            deliver()

        idempotent_function(
            delivery,
            data_keyword_argument="name",
            persistence_store=self._store,
            config=config,
            key_prefix=self._purpose,
        )(name=name)
        if not is_new:
            # Else nothing would say why the restaurant or customer was not notified once more.
            logger.info("delivered before", purpose=self._purpose)
