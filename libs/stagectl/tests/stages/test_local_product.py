import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.deployment import seed
from stagectl.stacks import published
from stagectl.stacks.stage import Stage
from stagectl.stages import local_product
from stagectl.targets import target
from stagectl.targets.emulator import Emulator

Introduce = Callable[[dict[str, str]], list[str]]


@pytest.fixture
def introduce(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Introduce:
    """Returns what is printed of a stage whose services have some URLs."""
    machine = Emulator(checkout, 4600)
    stacks = {name: Stack(name, Path()) for name in ("shared-infra", "auth")}
    stage = Stage("local", stacks, target.on_emulator(machine, {}))
    file = seed.sign_ins_file(checkout, "local", stage.target)
    file.parent.mkdir(parents=True)
    sign_in = {"role": "restaurant", "email": "kitchen@bigmouth.example", "password": "Secret1!"}
    of_a_customer = sign_in | {"role": "customer", "email": "demo@bigmouth.example"}
    file.write_text(json.dumps([of_a_customer, sign_in]))

    def shown(urls: dict[str, str]) -> list[str]:
        monkeypatch.setattr(published, "service_urls", lambda *_: urls)
        local_product._introduce(checkout, stage, machine, detach=True)
        output, said = capsys.readouterr()
        return output.splitlines() + [line for line in said.splitlines() if "new-service" in line]

    return shown


def test_who_starts_it_sees_the_page_and_both_sign_ins(introduce: Introduce) -> None:
    assert introduce({"web": "http://page/local"}) == [
        f"{'Big Mouth is ready:':<22} http://page/local",
        "For restaurants:       http://page/local/restaurant",
        "Sign in as customer:   demo@bigmouth.example  Secret1!",
        "Sign in as restaurant: kitchen@bigmouth.example  Secret1!",
    ]


def test_a_product_without_a_page_shows_the_urls_of_its_services(introduce: Introduce) -> None:
    assert introduce({"films": "http://films/local"})[:2] == [
        f"{'Big Mouth is ready:':<22} shared-infra, auth",
        "films:                 http://films/local",
    ]


def test_a_product_without_an_api_shows_how_to_add_its_first_service(introduce: Introduce) -> None:
    shown = introduce({})

    assert (shown[0], shown[-1]) == (
        f"{'Big Mouth is ready:':<22} shared-infra, auth",
        "Add its first service: stagectl new-service NAME",
    )
