"""What an operator sees of an order's events: live, and in the archive."""

import json
from pathlib import Path
from typing import Any

import pytest

from drivers.exchange import Driver
from steps.event_tail import lines_of, tailing
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from support.polling import until
from support.stage import Stage
from support.stagectl_command import stagectl

# A tail makes a queue and a rule, which on AWS is not for a test suite to do.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]


@pytest.mark.about("orders")
@pytest.mark.about("events")
def test_the_events_of_an_order_are_seen_live_and_found_in_the_archive(
    driver: Driver, stage: Stage, customer: User, restaurant_staff: User, tmp_path: Path
) -> None:
    bus = f"shared-infra-{stage.name}"
    with tailing(stage, tmp_path) as results:
        placed = when.a_user_orders(driver, customer.id_token, {"restaurantName": A_RESTAURANT})
        order_id = then.an_order_is_placed(placed)
        then.the_order_becomes_notified(driver, customer, order_id)
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

        def seen() -> set[tuple[str, str]]:
            return {
                (line["channel"], line["detailType"])
                for line in lines_of(results)
                if line["detail"].get("orderId") == order_id
            }

        until(
            seen,
            lambda found: (
                found
                >= {
                    (bus, "order_placed"),
                    (bus, "restaurant_notified"),
                    (bus, "order_accepted"),
                    (f"notifications-{stage.name}-restaurants", "order_placed"),
                    (f"notifications-{stage.name}-customers", "order_accepted"),
                }
            ),
            within_seconds=then.DELIVERY_SECONDS,
            what="the order's events and messages",
        )

    def archived() -> list[dict[str, Any]]:
        found = stagectl(stage, "events", "search", "--from", "10m", "--order", order_id, "--json")
        return json.loads(found.stdout) if found.returncode == 0 else []

    found = until(
        archived,
        lambda lines: (
            {line["detailType"] for line in lines}
            >= {"order_placed", "restaurant_notified", "order_accepted"}
        ),
        within_seconds=then.DELIVERY_SECONDS,
        what="the order's events in the archive",
    )
    assert [line["time"] for line in found] == sorted(line["time"] for line in found)
    assert customer.user_id not in json.dumps(found)
    assert [line["withheld"] for line in found if line["detailType"] == "order_accepted"] == [["customerId"]]
