import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stagectl.checklist.contracts import ContractChange, changes
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError

from ..fakes.git import git, repository

ORDER = {
    "type": "object",
    "properties": {
        "orderId": {"type": "string"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "state": {"type": "string", "enum": ["placed", "accepted"]},
    },
    "required": ["orderId", "state"],
}
REQUEST = {
    "type": "object",
    "properties": {"restaurantName": {"type": "string", "maxLength": 100}},
    "required": ["restaurantName"],
}


def content(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


API: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "orders", "version": "1"},
    "paths": {
        "/orders": {
            "post": {
                "summary": "Place an order",
                "parameters": [
                    {"name": "key", "in": "header", "required": False, "schema": {"type": "string"}}
                ],
                "requestBody": {"required": True, **content("Request")},
                "responses": {
                    "200": {"description": "placed", **content("Order")},
                    "404": {"description": "no"},
                },
            }
        }
    },
    "components": {"schemas": {"Order": ORDER, "Request": REQUEST}},
}
Change = Callable[[dict[str, Any]], object]


class Project:
    """A repository with one service, at a commit; the working tree may differ from it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "services" / "orders"
        repository(root, "main")
        (self.folder / "events").mkdir(parents=True)
        self.write("openapi.json", API)
        self.write("events/order_placed.schema.json", ORDER)
        git(root, "add", ".")
        git(root, "commit", "--quiet", "--message", "deployed")
        self.deployed = git(root, "rev-parse", "HEAD")

    def write(self, name: str, document: Any) -> None:
        (self.folder / name).write_text(json.dumps(document), "utf-8")

    def changes(self, commit: str = "") -> list[ContractChange]:
        stacks = {"orders": Stack("orders", self.folder)}
        return changes(Checkout(self.root), stacks, {"orders": commit or self.deployed})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def changed(document: dict[str, Any], change: Change) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    change(copy)
    return copy


def order(change: Change) -> Change:
    return lambda api: change(api["components"]["schemas"]["Order"])


def request(change: Change) -> Change:
    return lambda api: change(api["components"]["schemas"]["Request"])


def answers(api: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api["paths"]["/orders"]["post"]["responses"]
    return found


BREAKING: dict[str, Change] = {
    "removed POST /orders answer 200 note": order(lambda one: one["properties"].pop("note")),
    "changed POST /orders answer 200 orderId/type: string -> integer": order(
        lambda one: one["properties"].update(orderId={"type": "integer"})
    ),
    "changed POST /orders answer 200 note/type/0: string -> integer": order(
        lambda one: one["properties"].update(note={"anyOf": [{"type": "integer"}, {"type": "null"}]})
    ),
    "removed POST /orders answer 200 required orderId": order(lambda one: one["required"].remove("orderId")),
    "added POST /orders answer 200 state enum lost": order(
        lambda one: one["properties"]["state"]["enum"].append("lost")
    ),
    "removed POST /orders answer 404": lambda api: answers(api).pop("404"),
    "removed POST /orders": lambda api: api["paths"].pop("/orders"),
    "added POST /orders body required note": request(
        lambda one: (one["properties"].update(note={"type": "string"}), one["required"].append("note"))
    ),
    "changed POST /orders body.restaurantName/maxLength: 100 -> 5": request(
        lambda one: one["properties"]["restaurantName"].update(maxLength=5)
    ),
}
HARMLESS: dict[str, Change] = {
    "added POST /orders answer 200 eta": order(lambda one: one["properties"].update(eta={"type": "string"})),
    "added POST /orders body.note": request(lambda one: one["properties"].update(note={"type": "string"})),
    "added GET /orders": lambda api: api["paths"]["/orders"].update(
        get={"responses": {"200": {"description": "x"}}}
    ),
    "added POST /orders answer 200 required note": order(lambda one: one["required"].append("note")),
}


@pytest.mark.parametrize("what", BREAKING)
def test_a_change_that_breaks_clients_is_named_as_breaking(project: Project, what: str) -> None:
    project.write("openapi.json", changed(API, BREAKING[what]))
    assert ContractChange("orders: API", what, is_breaking=True) in project.changes()


@pytest.mark.parametrize("what", HARMLESS)
def test_a_change_that_breaks_no_client_is_named_as_harmless(project: Project, what: str) -> None:
    project.write("openapi.json", changed(API, HARMLESS[what]))
    assert project.changes() == [ContractChange("orders: API", what, is_breaking=False)]


def test_words_are_no_change(project: Project) -> None:
    project.write(
        "openapi.json", changed(API, lambda api: api["paths"]["/orders"]["post"].update(summary="Order"))
    )
    assert project.changes() == []


def test_nothing_changed_where_nothing_differs(project: Project) -> None:
    assert project.changes() == []


def test_a_removed_field_of_an_event_is_breaking(project: Project) -> None:
    project.write(
        "events/order_placed.schema.json", changed(ORDER, lambda one: one["properties"].pop("note"))
    )
    assert project.changes() == [ContractChange("orders: order_placed", "removed note", is_breaking=True)]


def test_an_added_field_of_an_event_is_harmless(project: Project) -> None:
    project.write(
        "events/order_placed.schema.json",
        changed(ORDER, lambda one: one["properties"].update(eta={"type": "string"})),
    )
    assert project.changes() == [ContractChange("orders: order_placed", "added eta", is_breaking=False)]


def test_an_event_that_is_gone_is_breaking(project: Project) -> None:
    (project.folder / "events" / "order_placed.schema.json").unlink()
    assert project.changes() == [ContractChange("orders: order_placed", "removed", is_breaking=True)]


def test_an_event_that_is_new_is_harmless(project: Project) -> None:
    project.write("events/order_lost.schema.json", ORDER)
    assert project.changes() == [ContractChange("orders: order_lost", "added", is_breaking=False)]


def test_a_commit_that_git_does_not_know_ends_with_the_way_out(project: Project) -> None:
    with pytest.raises(StagectlError, match="git fetch --unshallow"):
        project.changes("0" * 40)


def test_a_contract_that_is_no_json_is_named(project: Project) -> None:
    (project.folder / "openapi.json").write_text("{", "utf-8")
    with pytest.raises(StagectlError, match=r"openapi\.json is not JSON"):
        project.changes()
