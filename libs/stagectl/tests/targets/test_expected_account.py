from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, services
from stagectl.errors import CredentialsError, StacksError
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets import expected_account, target
from stagectl.targets.target import Target

PARAMETERS = "shared-infra/params.yml"

Write = Callable[[str, str], Path]


@pytest.mark.parametrize(
    ("content", "account"),
    [
        ("", ""),
        ("default: {awsAccount: ''}", ""),
        ("default: {awsAccount: '111111111111'}", "111111111111"),
        ("default: {awsAccount: '111111111111'}\nprod: {awsAccount: '222222222222'}", "222222222222"),
        ("default: {awsAccount: '111111111111'}\nprod: {awsAccount: ''}", ""),
        ("default: {awsAccount: '111111111111'}\nprod: {logLevel: INFO}", "111111111111"),
    ],
)
def test_a_stages_account_is_its_own_or_that_of_all(
    checkout: Checkout, write: Write, content: str, account: str
) -> None:
    write(PARAMETERS, content)

    assert expected_account.of(checkout.root, "prod") == account


@pytest.mark.parametrize("wrong", ["001234567012", "'12345'", "my-account"])
def test_what_is_no_account_is_refused(checkout: Checkout, write: Write, wrong: str) -> None:
    write(PARAMETERS, f"default: {{awsAccount: {wrong}}}")

    with pytest.raises(StacksError, match="twelve digits in quotation marks"):
        expected_account.of(checkout.root, "prod")


def stage_on_aws(checkout: Checkout, write: Write) -> Stage:
    write(PARAMETERS, "prod: {awsAccount: '222222222222'}")
    stacks = services.discover(checkout.root)
    account = expected_account.of(checkout.root, "prod")
    return Stage("prod", stacks, Target("AWS", {}, is_emulator=False), account)


@pytest.mark.parametrize(
    "work",
    [
        lifecycle.bring_up,
        lambda _, stage: lifecycle.enter_existing(stage),
    ],
)
def test_nothing_is_touched_in_another_account_than_the_stages(
    checkout: Checkout, write: Write, monkeypatch: pytest.MonkeyPatch, work: Callable[..., object]
) -> None:
    monkeypatch.setattr(Target, "enter", lambda _: None)
    monkeypatch.setattr(target, "account_id", lambda _: "111111111111")

    with pytest.raises(CredentialsError) as refusal:
        work(checkout, stage_on_aws(checkout, write))

    assert "belongs to AWS account 222222222222" in str(refusal.value)
    assert "the credentials are of account 111111111111. Nothing was changed." in str(refusal.value)
    assert not (checkout.state / "logs").exists()
