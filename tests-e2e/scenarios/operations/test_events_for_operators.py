"""What an operator sees of events: live, and in the archive."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

from drivers.exchange import Driver
from steps import then, when
from steps.given import A_RESTAURANT, User
from support.polling import until
from support.stage import Stage
from support.stagectl_command import stagectl, started

# A tail makes a queue and a rule, which on AWS is not for a test suite to do.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

WAITING = "Waiting for events"
START_SECONDS = 30


@contextmanager
def tailing(stage: Stage, folder: Path) -> Iterator[Path]:
    """Run `stagectl events tail` for a block, and yield the file of its results."""
    results, progress = folder / "results", folder / "progress"
    with results.open("w") as out, progress.open("w") as err:
        process = started(stage, "events", "tail", "--json", stdout=out, stderr=err)
        try:
            until(
                progress.read_text,
                lambda text: WAITING in text or process.poll() is not None,
                within_seconds=START_SECONDS,
                what="a tail that waits",
            )
            yield results
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@pytest.mark.about("orders")
@pytest.mark.about("events")
def test_the_events_of_an_order_are_seen_live_and_found_in_the_archive(
    driver: Driver, stage: Stage, customer: User, restaurant_staff: User, tmp_path: Path
) -> None:
    events = boto3.client("events", region_name=stage.region)
    bus = f"shared-infra-{stage.name}"

    def taps() -> list[str]:
        rules = events.list_rules(EventBusName=bus, NamePrefix=f"events-{stage.name}-tap-")["Rules"]
        return [rule["Name"] for rule in rules]

    before = taps()
    with tailing(stage, tmp_path) as results:
        placed = when.a_user_orders(driver, customer.id_token, {"restaurantName": A_RESTAURANT})
        order_id = then.an_order_is_placed(placed)
        then.the_order_becomes_notified(driver, customer, order_id)
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

        def seen() -> set[tuple[str, str]]:
            lines = [json.loads(line) for line in results.read_text().splitlines() if line.endswith("}")]
            return {
                (line["channel"], line["detailType"])
                for line in lines
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
    assert taps() == before

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
