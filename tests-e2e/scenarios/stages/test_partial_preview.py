"""A preview of one changed service: what it deploys itself, what it takes from its base, and how it goes."""

import os
from collections.abc import Iterator
from contextlib import closing  # only-with-example-services
from dataclasses import replace

import pytest
from stagectl.checkout import Checkout, services
from stagectl.deployment.partial_preview import PartialPreview
from stagectl.stacks import base_stage
from stagectl.stacks.stage import Stage as TargetStage
from stagectl.stages import lifecycle
from stagectl.targets.target import Target

from drivers.over_http import OverHttp  # only-with-example-services
from steps import small_stages
from steps.given import User  # only-with-example-services
from steps.shop import catalogue, then, when  # only-with-example-services
from support.stage import REPOSITORY, Stage

# It deploys, which on AWS is not for a test suite to do.
pytestmark = [
    pytest.mark.http_only,
    pytest.mark.emulator_only,
    pytest.mark.timeout(180),
    pytest.mark.beside_previews,
]

PREVIEW = "preview-part"
CHANGED = {"events": ("services/events/events/wiring.py",)}
CHANGED = {"restaurants": ("services/restaurants/restaurants/settings.py",)}  # only-with-example-services
DEPLOYED = {*CHANGED, "shared-infra"}
DEPLOYED |= {"web"}  # only-with-example-services


@pytest.fixture(scope="module")
def preview_stage(stage: Stage) -> TargetStage:
    """The preview as stagectl knows it."""
    checkout = Checkout(REPOSITORY)
    target = Target("the emulator", dict(os.environ), is_emulator=True)
    stacks = services.discover(checkout.root)
    usual = {name: stack for name, stack in stacks.items() if not stack.is_opt_in}
    return TargetStage(PREVIEW, usual, target)


@pytest.fixture(scope="module")
def preview(stage: Stage, preview_stage: TargetStage) -> Iterator[Stage]:
    """A preview of a change in `restaurants`, on the stage under test."""
    checkout = Checkout(REPOSITORY)
    lifecycle.bring_up(checkout, preview_stage, partial=PartialPreview(stage.name, CHANGED, "main"))
    yield replace(stage, name=PREVIEW)
    lifecycle.take_down(checkout, preview_stage)


def test_the_changed_service_is_deployed_with_what_every_preview_has(preview: Stage) -> None:
    assert small_stages.stacks_of(preview, PREVIEW) == {f"{name}-{PREVIEW}" for name in DEPLOYED}


def test_the_others_are_those_of_the_base(preview: Stage, preview_stage: TargetStage, stage: Stage) -> None:
    taken = preview_stage.stacks.keys() - DEPLOYED
    assert preview.bases == {service: stage.home_of(service) for service in taken}
    assert preview.published("auth", "userPoolId") == stage.published("auth", "userPoolId")


def test_its_bus_is_its_own(preview: Stage, stage: Stage) -> None:
    assert preview.published("shared-infra", "eventBusArn") != stage.published("shared-infra", "eventBusArn")


# begin only-with-example-services
def test_the_bases_customers_search_in_the_preview_and_order_at_the_base(
    preview: Stage, stage: Stage, customer: User
) -> None:
    assert preview.service_url("restaurants") != stage.service_url("restaurants")
    with closing(OverHttp(preview)) as driver:
        found = then.it_shows_restaurants(
            when.a_user_searches(driver, customer.id_token, {"theme": "netflix"})
        )
        order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, found[0].name))
    with closing(OverHttp(stage)) as driver:
        then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))


def test_its_page_shows_its_own_restaurants_and_sends_people_to_the_bases_orders(
    preview: Stage, stage: Stage
) -> None:
    with closing(OverHttp(preview)) as driver:
        page = when.a_visitor_opens_the_landing_page(driver)

    assert page.status == 200
    assert preview.service_url("restaurants") in page.text
    assert stage.service_url("orders") in page.text
    assert catalogue.A_RESTAURANT in page.text.replace("&#39;", "'")


# end only-with-example-services
def test_a_service_that_is_deployed_after_all_takes_its_own_place(
    preview: Stage, preview_stage: TargetStage
) -> None:
    only_auth = replace(preview_stage, stacks=services.select(preview_stage.stacks, ["auth"]))

    lifecycle.bring_up(Checkout(REPOSITORY), only_auth, seeding=False)

    pool = preview.ssm.get_parameter(Name=f"/auth/{PREVIEW}/userPoolId")["Parameter"]["Value"]
    assert pool != preview.published("auth", "userPoolId")
    assert "auth" not in base_stage.taken(preview.ssm, PREVIEW, preview_stage.stacks)


def test_nothing_of_it_stays_and_the_base_keeps_all(stage: Stage, preview_stage: TargetStage) -> None:
    before = _parameters(stage, f"/{stage.name}/")

    lifecycle.take_down(Checkout(REPOSITORY), preview_stage)

    assert _parameters(stage, f"/{PREVIEW}/") == set()
    assert _parameters(stage, f"/{stage.name}/") == before
    assert small_stages.stacks_of(stage, PREVIEW) == set()


def _parameters(stage: Stage, part: str) -> set[str]:
    pages = stage.ssm.get_paginator("describe_parameters").paginate()
    return {one["Name"] for page in pages for one in page["Parameters"] if part in one["Name"]}
