"""What can go wrong with restaurants, as the rest of the service knows it."""


class RestaurantNotFoundError(Exception):
    """No restaurant has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no restaurant called “{name}”.")


class RestaurantChangedError(Exception):
    """Another admin changed the restaurant at the same time; read it again, then try again."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” was changed at the same time. Try again.")


class RestaurantNotAsExpectedError(Exception):
    """The restaurant is not, or no longer, what the admin wants to change."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name}” has changed, or does not exist. Read it again, then send its ETag as If-Match."
        )


class RestaurantExistsError(Exception):
    """A restaurant of this name exists already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a restaurant called “{name}” already.")


class SubmissionNotFoundError(Exception):
    """No submission has this id."""

    def __init__(self) -> None:
        super().__init__("There is no such submission.")


class SubmissionDecidedError(Exception):
    """The submission was decided otherwise, or its time is over."""

    def __init__(self, state: str) -> None:
        super().__init__(f"This submission is {state} already.")


class SubmissionPendingError(Exception):
    """The person has too many submissions that wait for an answer, or one of this name with other details."""


class EmailNotVerifiedError(Exception):
    """The person has not verified the address by which they would be staff."""

    def __init__(self) -> None:
        super().__init__("Verify your email address first: by it you will be staff of the restaurant.")


class NotStaffError(Exception):
    """A person is no staff of a restaurant."""

    def __init__(self, email: str, restaurant_name: str) -> None:
        super().__init__(f"{email} is no staff of “{restaurant_name}”.")


class PageUnavailableError(Exception):
    """The landing page could not be had; it may be there again soon."""

    def __init__(self) -> None:
        super().__init__("The page is not available. Try again in a moment.")
