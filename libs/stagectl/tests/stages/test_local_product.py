import json
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


def test_who_starts_it_sees_the_page_and_both_sign_ins(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Emulator(checkout, 4600)
    stage = Stage("local", {"auth": Stack("auth", Path())}, target.on_emulator(machine, {}))
    monkeypatch.setattr(published, "service_urls", lambda *_: {"web": "http://page/local"})
    file = seed.sign_ins_file(checkout, "local", stage.target)
    file.parent.mkdir(parents=True)
    sign_in = {"role": "restaurant", "email": "kitchen@bigmouth.example", "password": "Secret1!"}
    of_a_customer = sign_in | {"role": "customer", "email": "demo@bigmouth.example"}
    file.write_text(json.dumps([of_a_customer, sign_in]))

    local_product._introduce(checkout, stage, machine, detach=True)

    assert capsys.readouterr().out.splitlines() == [
        f"{'Big Mouth is ready:':<22} http://page/local",
        "For restaurants:       http://page/local/restaurant",
        "Sign in as customer:   demo@bigmouth.example  Secret1!",
        "Sign in as restaurant: kitchen@bigmouth.example  Secret1!",
    ]
