"""What can go wrong here, as the rest of the service knows it."""


class NotStaffError(Exception):
    """The caller is not staff of the restaurant."""

    def __init__(self) -> None:
        super().__init__(
            "Only staff of the restaurant is told of its orders, by the verified address that it knows. "
            "Leave restaurantName out to be told of your own orders."
        )
