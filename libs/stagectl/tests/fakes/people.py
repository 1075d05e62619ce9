"""A user pool, and a bus whose services answer erasures."""

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from .sqs import FakeSqs

ANSWERS = "https://sqs/auth-dev-user-erased"


class _MissingError(Exception):
    """What the fakes raise for what is not there."""


class _Exceptions:
    UserNotFoundException = _MissingError
    QueueDoesNotExist = _MissingError
    ResourceNotFoundException = _MissingError


class _Pages:
    def __init__(self, **page: Any) -> None:
        self._page = page

    def paginate(self, **_request: Any) -> Iterator[dict[str, Any]]:
        yield self._page


class _PagesOfUsers:
    def __init__(self, users: dict[str, dict[str, Any]]) -> None:
        self._users = users

    def paginate(self, *, UserPoolId: str, Filter: str | None = None) -> Iterator[dict[str, Any]]:  # noqa: N803
        """Yield a page for each user that the filter, such as `email = "ada@example.com"`, selects."""
        for name, user in self._users.items():
            if Filter is None or _is_selected(Filter, name, user):
                yield {"Users": [user]}


def _is_selected(chosen: str, name: str, user: dict[str, Any]) -> bool:
    attribute, _, value = chosen.partition(" = ")
    wanted = json.loads(value)
    return bool(name == wanted if attribute == "username" else _attribute(user, attribute) == wanted.lower())


class FakeCognito:
    """The calls of boto3's client that the users of a pool need.

    Attributes:
        users: The users by name, as ListUsers gives them.
        groups: Members by group.
        revoked: Names of the users whose refresh tokens were revoked.
        requests: The requests of AdminCreateUser.
    """

    exceptions = _Exceptions

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, set[str]] = {"restaurant-admins": set()}
        self.revoked: list[str] = []
        self.requests: list[dict[str, Any]] = []

    def having(self, email: str, *, status: str = "CONFIRMED", **names: str) -> str:
        """Add a user and return the user id."""
        attributes = {"email": email, "email_verified": "true"} | names
        return self._add(str(uuid.uuid4()), attributes, status)

    def get_paginator(self, operation: str) -> _Pages | _PagesOfUsers:
        if operation == "list_users":
            return _PagesOfUsers(self.users)
        if operation == "admin_list_groups_for_user":
            return _Pages(Groups=[{"GroupName": name} for name, who in self.groups.items() if who])
        assert operation == "list_groups"
        return _Pages(Groups=[{"GroupName": name} for name in self.groups])

    def admin_create_user(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        if request.get("MessageAction") != "RESEND":
            attributes = {one["Name"]: one["Value"] for one in request["UserAttributes"]}
            self._add(request["Username"], attributes, "FORCE_CHANGE_PASSWORD")
        return {"User": self.users[request["Username"]]}

    def admin_disable_user(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self.users[Username]["Enabled"] = False

    def admin_enable_user(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self.users[Username]["Enabled"] = True

    def admin_user_global_sign_out(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self.revoked.append(Username)

    def admin_delete_user(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        if self.users.pop(Username, None) is None:
            raise _MissingError

    def admin_add_user_to_group(self, *, UserPoolId: str, Username: str, GroupName: str) -> None:  # noqa: N803
        self.groups[GroupName].add(Username)

    def admin_remove_user_from_group(self, *, UserPoolId: str, Username: str, GroupName: str) -> None:  # noqa: N803
        self.groups[GroupName].discard(Username)

    def _add(self, username: str, attributes: dict[str, str], status: str) -> str:
        user_id = str(uuid.uuid4())
        now = datetime.now(tz=UTC)
        self.users[username] = {
            "Username": username,
            "Attributes": [{"Name": name, "Value": value} for name, value in attributes.items()]
            + [{"Name": "sub", "Value": user_id}],
            "Enabled": True,
            "UserStatus": status,
            "UserCreateDate": now,
            "UserLastModifiedDate": now,
        }
        return user_id


def _attribute(user: dict[str, Any], name: str) -> str | None:
    return next((one["Value"] for one in user["Attributes"] if one["Name"] == name), None)


class FakeBus(FakeSqs):
    """A bus with the rules of services, and the queue of their answers.

    Attributes:
        rules: The pattern of each rule, by name.
        silent: Services that do not answer, with the number of requests that they ignore.
        requests: The details of the requests that were published.
        refuses: The code with which the bus refuses, if it does.
    """

    exceptions = _Exceptions

    def __init__(self, *services: str) -> None:
        super().__init__()
        self.rules = {
            f"{service}-dev-user-erasure": {"detail-type": ["user_erasure_requested"]} for service in services
        } | {"orders-dev-restaurant-notified": {"detail-type": ["restaurant_notified"]}, "all": {}}
        self.silent: dict[str, int] = {}
        self.requests: list[dict[str, Any]] = []
        self.refuses: str | None = None
        self.queues[ANSWERS] = []

    def get_paginator(self, operation: str) -> _Pages:
        assert operation == "list_rules"
        rules = [
            {"Name": name, "Arn": f"arn:{name}", "EventPattern": json.dumps(pattern)}
            for name, pattern in self.rules.items()
        ]
        return _Pages(Rules=rules)

    def get_queue_url(self, *, QueueName: str) -> dict[str, str]:  # noqa: N803
        if f"https://sqs/{QueueName}" not in self.queues:
            raise _MissingError
        return {"QueueUrl": f"https://sqs/{QueueName}"}

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if self.refuses:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": self.refuses}]}
        (entry,) = Entries
        detail = json.loads(entry["Detail"])
        self.requests.append(detail)
        for rule, pattern in self.rules.items():
            if entry["DetailType"] in pattern.get("detail-type", ()):
                service = rule.partition("-")[0]
                if self.silent.get(service, 0):
                    self.silent[service] -= 1
                else:
                    self.answer(detail["erasureId"], service)
        return {"FailedEntryCount": 0, "Entries": [{}]}

    def answer(self, erasure_id: str, service: str, *, age_seconds: int = 0) -> None:
        """Put an answer into the queue."""
        detail = {"erasureId": erasure_id, "service": service}
        sent_ms = round((time.time() - age_seconds) * 1000)
        self.put(ANSWERS, json.dumps({"detail-type": "user_erased", "detail": detail}), sent_ms=sent_ms)
