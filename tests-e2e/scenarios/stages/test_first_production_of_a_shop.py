"""What a shop's first deployment needs, and what its checks find."""

import json
from contextlib import closing
from functools import partial

import boto3
import pytest

from drivers.over_http import OverHttp
from steps import given
from steps.first_production import FIRST, check_release, invoke, stagectl
from steps.shop import then, when
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(300)]

SECRET = f"/restaurants/{FIRST}/search-restaurants/secretString"


def test_without_its_secret_only_search_is_unavailable_until_the_named_command_is_run(first: Stage) -> None:
    first.ssm.delete_parameter(Name=SECRET)
    way_out = f"stagectl configure --stage {FIRST}"
    for command in ("smoke", "configure --dry-run"):
        looked = stagectl(command)
        assert (looked.returncode, way_out in looked.stderr) == (1, True)
    assert way_out in stagectl("status").stdout

    with closing(OverHttp(first)) as driver, given.a_signed_in_user(first) as customer:
        search = partial(when.a_user_searches, driver, customer.id_token, {"theme": "netflix"})
        assert search().status == 503
        assert then.it_shows_restaurants(when.a_service_lists_restaurants(driver)) == []

        assert stagectl("configure").stdout == f"made             {SECRET}\n"

        assert then.it_shows_restaurants(search()) == []
    assert stagectl("smoke").returncode == 0


def test_configuring_again_changes_nothing(first: Stage) -> None:
    def value() -> str:
        return first.ssm.get_parameter(Name=SECRET, WithDecryption=True)["Parameter"]["Value"]

    made = value()

    assert stagectl("configure").stdout == f"present          {SECRET}\n"
    assert value() == made


def test_the_check_of_a_version_that_places_orders_leaves_none(first: Stage) -> None:
    assert check_release(first, "orders", "place-order")["passed"]

    assert boto3.client("dynamodb").scan(TableName=f"orders-{FIRST}")["Items"] == []


def test_a_version_that_lacks_a_permission_fails_the_check_with_the_reason(first: Stage) -> None:
    iam, role = boto3.client("iam"), f"orders-{FIRST}-get-order"
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    allowed = json.dumps(iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"])
    nothing = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(nothing))
    try:
        report = check_release(first, "orders", "get-order")
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=allowed)

    assert [outcome["fault"] for outcome in report["outcomes"]] == ["answered 500 instead of 404"]


@pytest.mark.parametrize("service", ["restaurants", "orders", "notifications"])
def test_the_public_url_passes_the_check_after_the_traffic_was_shifted(first: Stage, service: str) -> None:
    assert invoke(f"{service}-{FIRST}-check-traffic", {})["passed"] is True
