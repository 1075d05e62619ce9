"""The collaborators of this service's domain, in memory."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from restaurants.domain.errors import (
    RestaurantChangedError,
    RestaurantNotAsExpectedError,
    RestaurantNotFoundError,
    SubmissionDecidedError,
    SubmissionNotFoundError,
)
from restaurants.domain.models import (
    Expectation,
    NamePage,
    Restaurant,
    RestaurantPage,
    StaffMember,
    theme_key,
)
from restaurants.domain.name_places import is_first_place, name_at, places_in
from restaurants.domain.submissions import Submission, SubmissionPage, SubmissionState


def restaurant(name: str, *themes: str, image: str = "fangtasia") -> Restaurant:
    """Return a restaurant with these themes."""
    return Restaurant(name=name, image=f"assets/images/{image}.svg", themes=themes)


def staff_member(email: str) -> StaffMember:
    """Return a person who has been staff since nine o'clock."""
    return StaffMember(email=email, since=datetime(2026, 11, 28, 9, tzinfo=UTC))


def page_of(names: Iterable[str], after: str | None, count: int) -> tuple[list[str], str | None]:
    """Return a page of names, and the last one of it when others follow."""
    rest = sorted(name for name in names if after is None or name > after)
    return rest[:count], rest[count - 1] if len(rest) > count else None


class FakeCatalogue:
    """A catalogue in a dictionary, which somebody else may change at the same time."""

    def __init__(self, *restaurants: Restaurant) -> None:
        self.by_name = {restaurant.name: restaurant for restaurant in restaurants}
        self.origins: dict[str, str] = {}
        self.is_changed_meanwhile = False

    def page(self, *, after: str | None, count: int) -> RestaurantPage:
        return self._page(self.by_name.values(), after, count)

    def page_of_theme(self, theme: str, *, after: str | None, count: int) -> RestaurantPage:
        found = [one for one in self.by_name.values() if theme in map(theme_key, one.themes)]
        return self._page(found, after, count)

    def names_with(self, key: str, *, after: str | None, count: int) -> NamePage:
        places = [place for name in self.by_name for place in places_in(name) if is_first_place(place, key)]
        shown, last = page_of(places, after, count)
        return NamePage(names=list(map(name_at, shown)), last=last)

    def find_all(self, names: Sequence[str]) -> list[Restaurant]:
        return [self.by_name[name] for name in names if name in self.by_name]

    def _page(self, found: Iterable[Restaurant], after: str | None, count: int) -> RestaurantPage:
        names, last = page_of([one.name for one in found], after, count)
        return RestaurantPage(restaurants=[self.by_name[name] for name in names], last=last)

    def find(self, name: str) -> Restaurant | None:
        return self.by_name.get(name)

    def put(self, restaurant: Restaurant, *, expects: Expectation | None = None) -> None:
        self._check(restaurant.name, expects)
        self.by_name[restaurant.name] = restaurant

    def add(self, restaurant: Restaurant, *, origin: str) -> bool:
        if restaurant.name in self.by_name:
            return self.origins.get(restaurant.name) == origin
        self.put(restaurant)
        self.origins[restaurant.name] = origin
        return True

    def remove(self, name: str, *, expects: Expectation | None = None) -> bool:
        if name not in self.by_name:
            return False
        self._check(name, expects)
        del self.by_name[name]
        return True

    def _check(self, name: str, expects: Expectation | None) -> None:
        if expects is None and self.is_changed_meanwhile:
            raise RestaurantChangedError(name)
        if expects is not None and (self.is_changed_meanwhile or not expects(self.find(name))):
            raise RestaurantNotAsExpectedError(name)


class FakeFavourites:
    """Bookmarks in a set of customers and names."""

    def __init__(self, *bookmarks: tuple[str, str]) -> None:
        self.bookmarks = set(bookmarks)

    def add(self, customer_id: str, restaurant_name: str) -> None:
        self.bookmarks.add((customer_id, restaurant_name))

    def remove(self, customer_id: str, restaurant_name: str) -> None:
        self.bookmarks.discard((customer_id, restaurant_name))

    def remove_all(self, customer_id: str) -> None:
        self.bookmarks = {(customer, name) for customer, name in self.bookmarks if customer != customer_id}

    def of_customer(self, customer_id: str, *, after: str | None, count: int) -> NamePage:
        own = [name for customer, name in self.bookmarks if customer == customer_id]
        names, last = page_of(own, after, count)
        return NamePage(names=names, last=last)


class FakeStaff:
    """Staff in a dictionary, of the restaurants of a catalogue."""

    def __init__(self, catalogue: FakeCatalogue) -> None:
        self.members: dict[tuple[str, str], StaffMember] = {}
        self._catalogue = catalogue

    def add(self, restaurant_name: str, member: StaffMember) -> None:
        if self._catalogue.is_changed_meanwhile:
            raise RestaurantChangedError(restaurant_name)
        if self._catalogue.find(restaurant_name) is None:
            raise RestaurantNotFoundError(restaurant_name)
        self.members.setdefault((restaurant_name, member.email), member)

    def remove(self, restaurant_name: str, email: str) -> None:
        self.members.pop((restaurant_name, email), None)

    def find(self, restaurant_name: str, email: str) -> StaffMember | None:
        return self.members.get((restaurant_name, email))

    def of_restaurant(self, restaurant_name: str) -> list[StaffMember]:
        return [member for (name, _), member in sorted(self.members.items()) if name == restaurant_name]

    def restaurants_of(self, email: str) -> list[str]:
        return sorted(name for name, address in self.members if address == email)


def submission(submission_id: str = "s-1", **members: object) -> Submission:
    """Return a pending submission of ada's."""
    usual: dict[str, object] = {
        "customer_id": "ada",
        "email": "ada@example.com",
        "name": "Ada's",
        "image": "assets/images/fangtasia.svg",
        "themes": ("vampires",),
        "submitted_at": datetime(2026, 11, 28, 9, tzinfo=UTC),
    }
    return Submission.model_validate(usual | {"submission_id": submission_id} | members)


class FakeSubmissions:
    """Submissions in a dictionary."""

    def __init__(self, *submissions: Submission) -> None:
        self.by_id = {one.submission_id: one for one in submissions}

    def add(self, submission: Submission) -> Submission:
        before = self.by_id.get(submission.submission_id)
        if before is not None and before.state is SubmissionState.PENDING:
            return before
        self.by_id[submission.submission_id] = submission
        return submission

    def find(self, submission_id: str) -> Submission | None:
        return self.by_id.get(submission_id)

    def decide(self, submission_id: str, state: SubmissionState) -> Submission:
        before = self._pending(submission_id, state)
        self.by_id[submission_id] = before.model_copy(update={"state": state})
        return self.by_id[submission_id]

    def refuse(self, submission_id: str) -> None:
        rejected = {"state": SubmissionState.REJECTED}
        self.by_id[submission_id] = self.by_id[submission_id].model_copy(update=rejected)

    def remember_token(self, submission_id: str, token: str) -> None:
        before = self._pending(submission_id)
        self.by_id[submission_id] = before.model_copy(update={"review_token": token})

    def of_customer(self, customer_id: str, *, after: Sequence[str] | None, count: int) -> SubmissionPage:
        own = [one for one in self.by_id.values() if one.customer_id == customer_id]
        return self._page(own, after, count)

    def pending(self, *, after: Sequence[str] | None, count: int) -> SubmissionPage:
        waiting = [one for one in self.by_id.values() if one.state is SubmissionState.PENDING]
        return self._page(waiting, after, count)

    def remove_all(self, customer_id: str) -> None:
        self.by_id = {key: one for key, one in self.by_id.items() if one.customer_id != customer_id}

    def _pending(self, submission_id: str, repeated: SubmissionState | None = None) -> Submission:
        if submission_id not in self.by_id:
            raise SubmissionNotFoundError
        found = self.by_id[submission_id]
        if found.state not in {SubmissionState.PENDING, repeated}:
            raise SubmissionDecidedError(found.state)
        return found

    def _page(self, found: list[Submission], after: Sequence[str] | None, count: int) -> SubmissionPage:
        ids = sorted(one.submission_id for one in found if after is None or one.submission_id > after[1])
        last = ("2026", ids[count - 1]) if len(ids) > count else None
        return SubmissionPage(submissions=[self.by_id[one] for one in ids[:count]], last=last)


class FakeReviews:
    """The waits that were started, with their patience, and the tokens of those that were ended."""

    def __init__(self) -> None:
        self.started: list[tuple[str, timedelta]] = []
        self.ended: list[str] = []

    def start(self, submission: Submission, *, patience: timedelta) -> None:
        self.started.append((submission.submission_id, patience))

    def end(self, token: str) -> None:
        self.ended.append(token)
