"""The contract of the shop's callers and consumers, written independently of the services' models."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from support.contract import Contract


class Restaurant(Contract):
    """One restaurant of a list."""

    name: str
    image: str
    themes: list[str]


class RestaurantPage(Contract):
    """A page of restaurants that a search found."""

    restaurants: list[Restaurant]
    nextCursor: str | None  # noqa: N815, as callers see it


class FavouritePage(Contract):
    """A page of the caller's favourites."""

    favourites: list[Restaurant]
    nextCursor: str | None  # noqa: N815, as callers see it


class StaffMember(Contract):
    """A person who may answer the orders of a restaurant."""

    email: str
    since: AwareDatetime


class StaffList(Contract):
    """The staff of a restaurant."""

    staff: list[StaffMember]


class Submitted(Contract):
    """The answer to submitting a restaurant."""

    submissionId: UUID  # noqa: N815, as callers see it
    state: Literal["pending"]


class Submission(Contract):
    """A submission of a restaurant."""

    submissionId: UUID  # noqa: N815, as callers see it
    name: str
    image: str
    themes: list[str]
    email: str
    state: Literal["pending", "approved", "rejected", "expired"]
    submittedAt: AwareDatetime  # noqa: N815, as callers see it


class SubmissionPage(Contract):
    """A page of submissions."""

    submissions: list[Submission]
    nextCursor: str | None  # noqa: N815, as callers see it


class PlacedOrder(Contract):
    """The answer to placing an order."""

    orderId: UUID  # noqa: N815, as callers see it


OrderState = Literal["placed", "notified", "accepted", "rejected", "expired", "cancelled"]


class StateChange(Contract):
    """When an order came into a state."""

    state: OrderState
    at: AwareDatetime


class Order(Contract):
    """One order."""

    orderId: UUID  # noqa: N815, as callers see it
    restaurantName: str  # noqa: N815, as callers see it
    state: OrderState
    placedAt: AwareDatetime  # noqa: N815, as callers see it
    answerBy: AwareDatetime | None  # noqa: N815, as callers see it
    history: list[StateChange]


class OrderPage(Contract):
    """A page of the caller's orders."""

    orders: list[Order]
    nextCursor: str | None  # noqa: N815, as callers see it


class Ticket(Contract):
    """Where a page connects to hear of changes."""

    url: str
    expiresInSeconds: int  # noqa: N815, as callers see it


class Metadata(Contract):
    """How to follow an event, and in which version it is written."""

    correlationId: str  # noqa: N815, as consumers see it
    schemaVersion: Literal["1"]  # noqa: N815, as consumers see it


class EventDetail(Contract):
    """What every event says; those that the suite publishes in a service's place, or an old one, say less."""

    metadata: Metadata | None = None


class OrderPlacedDetail(EventDetail):
    """The detail of `order_placed`."""

    orderId: UUID  # noqa: N815, as consumers see it
    restaurantName: str  # noqa: N815, as consumers see it
    placedAt: datetime | None = None  # noqa: N815, as consumers see it
    answerBy: datetime | None = None  # noqa: N815, as consumers see it


class RestaurantNotice(OrderPlacedDetail):
    """What the restaurants' topic carries."""

    what: Literal["order_placed", "order_cancelled"]


class RestaurantNotifiedDetail(EventDetail):
    """The detail of `restaurant_notified`."""

    orderId: UUID  # noqa: N815, as consumers see it
    restaurantName: str  # noqa: N815, as consumers see it


class OrderAnsweredDetail(EventDetail):
    """The detail of `order_accepted`, `order_rejected`, `order_cancelled` and `order_expired`."""

    orderId: UUID  # noqa: N815, as consumers see it
    restaurantName: str  # noqa: N815, as consumers see it
    placedAt: datetime | None = None  # noqa: N815, as consumers see it
    customerId: str | None = None  # noqa: N815, as consumers see it


class CustomerNotice(Contract):
    """What the customers' topic carries."""

    orderId: UUID  # noqa: N815, as subscribers see it
    what: Literal["order_accepted", "order_rejected", "order_expired"]
    text: str


EVENT_DETAILS: dict[str, type[Contract]] = {
    "order_placed": OrderPlacedDetail,
    "restaurant_notified": RestaurantNotifiedDetail,
    "order_accepted": OrderAnsweredDetail,
    "order_rejected": OrderAnsweredDetail,
    "order_cancelled": OrderAnsweredDetail,
    "order_expired": OrderAnsweredDetail,
}
