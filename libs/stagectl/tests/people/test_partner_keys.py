from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from stagectl.errors import UsageError
from stagectl.people.partner_keys import NewKey, PartnerKeys, check_name

CREATED = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
URL = "https://a1.execute-api.eu-central-1.amazonaws.com/dev"


class FakeGateway:
    """The calls of boto3's client that keys need.

    Attributes:
        keys: The keys by id, as GetApiKeys returns them, with their values.
        attached: Ids of the keys of the plan.
        usage: Used requests and the rest of the quota for each day, by key id.
        asked: The requests of GetUsage.
    """

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.attached: list[str] = []
        self.usage: dict[str, list[list[int]]] = {}
        self.asked: list[dict[str, Any]] = []
        self.has_plan = True

    def having(self, name: str, *, stage: str = "dev", enabled: bool = True) -> str:
        return str(self.create_api_key(name=name, enabled=enabled, tags={"stage": stage})["id"])

    def create_api_key(self, *, name: str, enabled: bool, tags: dict[str, str]) -> dict[str, Any]:
        key_id = f"k{len(self.keys) + 1}"
        self.keys[key_id] = {
            "id": key_id,
            "name": name,
            "enabled": enabled,
            "createdDate": CREATED,
            "tags": tags,
            "value": f"value of {key_id}",
        }
        return self.keys[key_id]

    def create_usage_plan_key(self, *, usagePlanId: str, keyId: str, keyType: str) -> None:  # noqa: N803
        if not self.has_plan:
            raise RuntimeError("NotFoundException")
        assert (usagePlanId, keyType) == ("plan-1", "API_KEY")
        self.attached.append(keyId)

    def delete_api_key(self, *, apiKey: str) -> None:  # noqa: N803
        del self.keys[apiKey]

    def get_paginator(self, operation: str) -> "FakeGateway":
        self._operation = operation
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Yield a page for each key that a query selects, or all usage in one page for each key."""
        if self._operation == "get_usage":
            self.asked.append(request)
            yield from ({"items": {key_id: days}} for key_id, days in self.usage.items())
            return
        for key in self.keys.values():
            if key["name"].startswith(request["nameQuery"]):
                yield {"items": [{name: value for name, value in key.items() if name != "value"}]}


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def keys(gateway: Any) -> PartnerKeys:
    return PartnerKeys(gateway, "dev", "plan-1", URL)


def test_a_key_is_created_with_the_stages_tags_and_attached_to_its_plan(
    gateway: FakeGateway, keys: PartnerKeys
) -> None:
    added = keys.add("acme")

    assert added == NewKey("acme", "value of k1", URL)
    assert gateway.keys["k1"]["name"] == "partners-dev-acme"
    assert gateway.keys["k1"]["tags"] == {"project": "big-mouth", "stage": "dev"}
    assert gateway.attached == ["k1"]


def test_a_key_that_cannot_be_attached_is_deleted(gateway: FakeGateway, keys: PartnerKeys) -> None:
    gateway.has_plan = False

    with pytest.raises(RuntimeError, match="NotFoundException"):
        keys.add("acme")
    assert gateway.keys == {}


def test_a_partner_with_a_key_is_refused_with_the_way_out(keys: PartnerKeys) -> None:
    keys.check_new("acme")
    keys.add("acme")

    with pytest.raises(UsageError, match="revoke it: stagectl partners revoke acme --stage dev"):
        keys.check_new("acme")


def test_keys_are_listed_by_name_with_the_requests_of_the_month(
    gateway: FakeGateway, keys: PartnerKeys
) -> None:
    gateway.having("partners-dev-zeta", enabled=False)
    acme = gateway.having("partners-dev-acme")
    gateway.usage = {acme: [[3, 97], [4, 93]], "of another plan": [[1, 1]]}

    listed = [(key.name, key.created_at, key.is_enabled, key.requests_this_month) for key in keys.all()]

    assert listed == [("acme", CREATED, True, 7), ("zeta", CREATED, False, 0)]
    (asked,) = gateway.asked
    assert (asked["usagePlanId"], asked["startDate"][-3:]) == ("plan-1", "-01")


def test_keys_of_a_stage_whose_name_begins_alike_are_left_out(
    gateway: FakeGateway, keys: PartnerKeys
) -> None:
    gateway.having("partners-dev-2-acme", stage="dev-2")

    assert keys.all() == []


def test_a_key_without_the_stages_tag_is_left_out(gateway: FakeGateway, keys: PartnerKeys) -> None:
    key_id = gateway.having("partners-dev-acme")
    del gateway.keys[key_id]["tags"]

    assert keys.all() == []


def test_a_partner_without_a_key_is_an_error_that_names_those_with_one(keys: PartnerKeys) -> None:
    with pytest.raises(UsageError, match=r"no partner acme with a key on stage dev\. Partners: none"):
        keys.ids_of("acme")


def test_two_keys_of_one_partner_are_found_both(gateway: FakeGateway, keys: PartnerKeys) -> None:
    ids = [gateway.having("partners-dev-acme") for _ in range(2)]

    assert keys.ids_of("acme") == ids


@pytest.mark.parametrize("name", ["ac", "acme-2", "a" * 40])
def test_a_name_of_lower_case_letters_digits_and_dashes_is_accepted(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", "a", "2acme", "-acme", "Acme", "ac me", "acmé", "acme\n", "a" * 41])
def test_another_name_is_refused_before_anything_is_created(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a partner's name"):
        check_name(name)
