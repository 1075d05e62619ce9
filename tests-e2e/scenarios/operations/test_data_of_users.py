"""What an operator exports and erases of a person, in everything that the stage holds."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stagectl.people import traces
from stagectl.people.audit import Audit, key_of
from stagectl.people.erasure import Erasure
from stagectl.people.user_pool import UnknownUserError, UserPool
from stagectl.stacks.stage import Stage as StageOfStagectl

from drivers.exchange import Driver
from steps.given import User
from steps.shop import catalogue, then, when
from support.stage import Stage

# They read all that a stage holds, which on AWS only an operator may.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("auth")]

Stagectl = Callable[..., Any]


@pytest.fixture
def known_person(driver: Driver, customer: User, restaurant_admin: User) -> User:
    """A customer with an order, a favourite and a submission, who is staff somewhere and has searched."""
    then.an_order_is_placed(when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT))
    assert when.a_user_bookmarks(driver, customer.id_token, catalogue.A_RESTAURANT).status == 204
    email = customer.person.email
    made_staff = when.a_user_makes_staff(driver, restaurant_admin.id_token, catalogue.A_RESTAURANT, email)
    assert made_staff.status == 204
    submission = {"name": catalogue.a_new_restaurant_name(), "themes": []}
    then.it_is_submitted(when.a_user_submits_a_restaurant(driver, customer.id_token, submission))
    assert when.a_user_searches(driver, customer.id_token, {"theme": "netflix"}).status == 200
    return customer


def test_an_export_holds_profile_orders_favourites_and_staff_entries(
    stage: Stage, stagectl: Stagectl, known_person: User, tmp_path: Path
) -> None:
    file = tmp_path / "export.json"

    assert stagectl("export", known_person.user_id, "--output", str(file)).exit_code == 0

    export = json.loads(file.read_text())
    assert export["profile"]["email"] == known_person.person.email
    tables = {stage.name_on_stage("restaurants", table) for table in ("favourites", "staff", "submissions")}
    assert export["items"].keys() >= {*tables, f"orders-{stage.name}"}
    assert [order["restaurantName"] for order in export["items"][f"orders-{stage.name}"]] == [
        catalogue.A_RESTAURANT
    ]
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_that_the_stage_holds_names_an_erased_person(
    stage: Stage,
    operated: StageOfStagectl,
    stagectl: Stagectl,
    known_person: User,
    tmp_path: Path,
) -> None:
    pool = UserPool.of_stage(stage.name)
    user = pool.find(known_person.person.email)
    # The search can find what it will not find afterwards.
    assert traces.search(operated, user).traces.keys() >= {
        f"orders-{stage.name}",
        *(stage.name_on_stage("restaurants", table) for table in ("favourites", "staff", "submissions")),
    }
    report = tmp_path / "report.json"
    erase = ("--yes", "--now", "--report", str(report))

    erased = stagectl("erase", known_person.person.email, *erase)

    assert erased.exit_code == 0, erased.exception or erased.output
    document = json.loads(report.read_text())
    assert sorted(document["erasedBy"]) == Erasure.on(stage.name, user).services(operated.stacks.values())
    assert (document["isUserDeleted"], document["namedIn"]) == (True, {})
    assert not traces.Marks(user).are_in(report.read_text())
    assert traces.search(operated, user).traces == {}
    with pytest.raises(UnknownUserError):
        pool.find(known_person.person.email)

    assert stagectl("erase", user.user_id, *erase).exit_code == 0
    actions = [record.action for record in Audit.of_stage(stage.name).read(user=key_of(user.user_id))]
    assert actions == ["erase", "erased"]


def test_a_person_who_is_still_named_somewhere_stays_disabled_until_the_erasure_is_repeated(
    stage: Stage, stagectl: Stagectl, customer: User, tmp_path: Path
) -> None:
    table = stage.name_on_stage("notifications", "deliveries")
    key: Any = {"id": {"S": f"e2e {uuid.uuid4()}"}}
    erase = ("erase", customer.user_id, "--yes", "--now", "--report", str(tmp_path / "report.json"))
    stage.dynamodb.put_item(TableName=table, Item=key | {"to": {"S": customer.person.email.upper()}})
    try:
        assert f"still named in: {table} (1)" in str(stagectl(*erase).exception)
    finally:
        stage.dynamodb.delete_item(TableName=table, Key=key)
    assert not UserPool.of_stage(stage.name).find(customer.user_id).is_enabled

    assert stagectl(*erase).exit_code == 0
