"""What can go wrong with orders, as the rest of the service knows it."""

from collections.abc import Mapping


class OrderNotFoundError(Exception):
    """There is no such order, or it is another customer's, which looks the same."""

    def __init__(self) -> None:
        super().__init__("There is no such order.")


class RestaurantNotFoundError(Exception):
    """No restaurant has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no restaurant called “{name}”.")


class NotStaffError(Exception):
    """The caller is not staff of the restaurant."""

    def __init__(self) -> None:
        super().__init__(
            "Only staff of the restaurant may do this, with the verified e-mail address that it is known by."
        )


class TooManyOrdersError(Exception):
    """The customer has tried to place as many orders as one may in a while.

    Attributes:
        retry_after_seconds: When there may be more.
    """

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"You placed many orders in a short time. Try again in {retry_after_seconds} s.")


class OrderUncertainError(Exception):
    """It is not known whether the order was stored: the table did not answer."""

    def __init__(self) -> None:
        super().__init__(
            "Whether your order was placed is not known. Send it again with the same Idempotency-Key; "
            "if it had none, look at your orders first."
        )


class IdempotencyKeyReusedError(Exception):
    """The caller used the key for another order before."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another order. Use a new key for each new order.")


class InvalidCursorError(Exception):
    """The cursor is not one that this service gave out."""

    def __init__(self) -> None:
        super().__init__("The cursor is not one that this service gave out. Start again without one.")


class OrderAlreadyAnsweredError(Exception):
    """The order was answered in another way before, was cancelled, or has expired."""

    def __init__(self, state: str) -> None:
        super().__init__(f"This order is {state} already.")


class NotPublishedError(Exception):
    """The bus did not accept some events; they are to be published again."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        self.reasons = dict(reasons)
        super().__init__(
            f"{len(reasons)} events were not published ({', '.join(sorted(set(reasons.values())))})"
        )
