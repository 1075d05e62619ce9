"""Gives a stage something to show: the eight restaurants, and what operators have not set yet.

Run by `stagectl seed`; running it again restores the restaurants and changes no configuration.
"""

import json
import os
import secrets

from restaurants.adapters.restaurant_table import RestaurantTable
from restaurants.domain.models import Restaurant
from service_kit.clients import client
from service_kit.discovery import published

RESTAURANTS = [
    Restaurant(name="Fangtasia", image="assets/images/fangtasia.svg", themes=("true blood",)),
    Restaurant(name="Shoney's", image="assets/images/shoneys.svg", themes=("cartoon", "rick and morty")),
    Restaurant(
        name="Freddy's BBQ Joint",
        image="assets/images/freddys-bbq-joint.svg",
        themes=("netflix", "house of cards"),
    ),
    Restaurant(name="Pizza Planet", image="assets/images/pizza-planet.svg", themes=("netflix", "toy story")),
    Restaurant(
        name="Leaky Cauldron", image="assets/images/leaky-cauldron.svg", themes=("movie", "harry potter")
    ),
    Restaurant(name="Lil' Bits", image="assets/images/lil-bits.svg", themes=("cartoon", "rick and morty")),
    Restaurant(name="Fancy Eats", image="assets/images/fancy-eats.svg", themes=("cartoon", "rick and morty")),
    Restaurant(name="Don Cuco", image="assets/images/don-cuco.svg", themes=("cartoon", "rick and morty")),
]
CONFIGURATION = {
    "get-restaurants/config": {"defaultResults": 8},
    "search-restaurants/config": {"defaultResults": 8},
}


def seed(stage: str, ssm_stage: str) -> None:
    """Write what is missing on the stage."""
    table = RestaurantTable(f"restaurants-{stage}")
    for restaurant in RESTAURANTS:
        table.put(restaurant)
    print(f"{len(RESTAURANTS)} restaurants")
    for name, value in CONFIGURATION.items():
        _put_if_missing(f"/restaurants/{ssm_stage}/{name}", json.dumps(value))
    _put_if_missing(
        f"/restaurants/{ssm_stage}/search-restaurants/secretString",
        secrets.token_urlsafe(32),
        key_arn=published("shared-infra", "kmsArn"),
    )


def _put_if_missing(name: str, value: str, *, key_arn: str | None = None) -> None:
    ssm = client("ssm")
    try:
        if key_arn:
            ssm.put_parameter(Name=name, Value=value, Type="SecureString", KeyId=key_arn)
        else:
            ssm.put_parameter(Name=name, Value=value, Type="String")
    except ssm.exceptions.ParameterAlreadyExists:
        print(f"{name} kept as it is")
    else:
        print(name)


if __name__ == "__main__":
    seed(os.environ["STAGE"], os.environ.get("SSM_STAGE") or os.environ["STAGE"])
