"""What can go wrong with restaurants, as the rest of the service knows it."""


class RestaurantNotFoundError(Exception):
    """No restaurant has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no restaurant called “{name}”.")


class RestaurantChangedError(Exception):
    """Another admin changed the restaurant at the same time; read it again, then try again."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” was changed at the same time. Try again.")


class NotStaffError(Exception):
    """A person is no staff of a restaurant."""

    def __init__(self, email: str, restaurant_name: str) -> None:
        super().__init__(f"{email} is no staff of “{restaurant_name}”.")
