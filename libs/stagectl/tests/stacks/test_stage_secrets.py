"""The secrets that a stage needs: found, made once, and never changed unasked."""

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.stacks import stage_secrets
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage_secrets import Finding, Outcome, StageSecrets

from ..fakes import cloud
from ..fakes.ssm import FakeSsm

SEARCH = "/restaurants/prod/search-restaurants/secretString"
PAY = "/payments/prod/pay/secretString"
OF_DEV = "/restaurants/dev/search-restaurants/secretString"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


@pytest.fixture
def ssm() -> Any:
    """An SSM with the key of the stage prod and nothing else."""
    return FakeSsm(**{"/shared-infra/prod/kmsArn": KEY})


def granting(*names: str) -> dict[str, Any]:
    """Return a compiled template with a policy that lets a function read some parameters."""
    arns = [
        {"Fn::Sub": f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter{name}"}
        for name in names
    ]
    statement = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": arns}
    document = {"Statement": [statement]}
    return {"Resources": {"Role": {"Properties": {"Policies": [{"PolicyDocument": document}]}}}}


def test_the_secrets_are_those_that_policies_let_functions_read() -> None:
    template = granting(SEARCH, "/restaurants/prod/search-restaurants/config", "/auth/prod/userPoolId", PAY)

    assert stage_secrets.read_by(template) == {SEARCH, PAY}


def test_a_parameter_that_is_only_called_like_a_secret_is_none() -> None:
    assert (
        stage_secrets.read_by(granting("/a/b/secretString", "/a/b/c/secretStrings", "/a/secretString/c/d"))
        == set()
    )


def test_what_is_missing_is_made_under_the_stages_key(ssm: FakeSsm) -> None:
    made = StageSecrets(cast("Any", ssm), "prod", [SEARCH, PAY]).make_missing()

    assert made == [Finding(PAY, Outcome.MADE), Finding(SEARCH, Outcome.MADE)]
    assert (ssm.parameters[SEARCH][0], ssm.keys[SEARCH]) == ("SecureString", KEY)
    assert len(ssm.values()[SEARCH]) >= 32
    assert ssm.values()[SEARCH] != ssm.values()[PAY]


def test_what_is_there_is_never_changed(ssm: FakeSsm) -> None:
    ssm.put_parameter(Name=SEARCH, Type="SecureString", Value="an operator's")

    again = [StageSecrets(cast("Any", ssm), "prod", [SEARCH]).make_missing() for _ in range(2)]

    assert again == [[Finding(SEARCH, Outcome.PRESENT)]] * 2
    assert ssm.values()[SEARCH] == "an operator's"


def test_looking_makes_nothing(ssm: FakeSsm) -> None:
    ssm.put_parameter(Name=PAY, Type="SecureString", Value="x")

    found = StageSecrets(cast("Any", ssm), "prod", [SEARCH, PAY]).look()

    assert found == [Finding(PAY, Outcome.PRESENT), Finding(SEARCH, Outcome.MISSING)]
    assert SEARCH not in ssm.parameters


def test_more_secrets_than_ssm_takes_at_once_are_all_looked_for(ssm: FakeSsm) -> None:
    names = [f"/payments/prod/pay-{number}/secretString" for number in range(120)]
    ssm.put_parameter(Name=names[-1], Type="SecureString", Value="x")

    found = StageSecrets(cast("Any", ssm), "prod", names).look()

    assert (len(found), ssm.asked) == (120, [50, 50, 20])
    assert [one.name for one in found if one.outcome is Outcome.PRESENT] == [names[-1]]


def test_another_stages_secret_is_left_to_that_stage(ssm: FakeSsm) -> None:
    secrets = StageSecrets(cast("Any", ssm), "preview-x", [OF_DEV])

    assert secrets.make_missing() == [Finding(OF_DEV, Outcome.ANOTHER_STAGES)]
    assert OF_DEV not in ssm.parameters
    [missing] = secrets.look()
    assert missing.way_out == "stagectl configure --stage dev"


def test_rotating_changes_one_secret_alone(ssm: FakeSsm) -> None:
    for name in (SEARCH, PAY):
        ssm.put_parameter(Name=name, Type="SecureString", Value="old")

    done = StageSecrets(cast("Any", ssm), "prod", [SEARCH, PAY]).rotate("restaurants/search-restaurants")

    assert done == Finding(SEARCH, Outcome.ROTATED)
    assert ssm.values()[SEARCH] != "old"
    assert ssm.values()[PAY] == "old"


@pytest.mark.parametrize("chosen", ["restaurants", "restaurants/get-index", "", OF_DEV, "auth/pay"])
def test_rotating_what_the_stage_does_not_have_names_what_it_has(ssm: FakeSsm, chosen: str) -> None:
    with pytest.raises(UsageError) as refusal:
        StageSecrets(cast("Any", ssm), "prod", [OF_DEV, SEARCH, PAY]).rotate(chosen)
    assert str(refusal.value).startswith(f"There is no secret {chosen} of stage prod.")
    assert str(refusal.value).endswith(" Secrets: payments/pay, restaurants/search-restaurants.")


def test_rotating_on_a_stage_without_secrets_of_its_own_says_that_it_has_none(ssm: FakeSsm) -> None:
    with pytest.raises(UsageError, match=r"Secrets: none\.$"):
        StageSecrets(cast("Any", ssm), "prod", [OF_DEV]).rotate("restaurants/search-restaurants")


def test_without_a_key_nothing_is_made_and_the_way_out_is_named() -> None:
    ssm = FakeSsm()

    with pytest.raises(UsageError, match="stagectl up --stage prod --service shared-infra"):
        StageSecrets(cast("Any", ssm), "prod", [SEARCH]).make_missing()
    assert ssm.parameters == {}


def test_only_deployed_stacks_count(monkeypatch: pytest.MonkeyPatch, ssm: FakeSsm, tmp_path: Any) -> None:
    states = _states(cloud.stack("prod", "restaurants", template=granting(SEARCH)))
    monkeypatch.setattr(aws, "session", lambda: _Session(ssm))
    stacks = [Stack("restaurants", tmp_path), Stack("payments", tmp_path)]

    found = StageSecrets.find(states, "prod", stacks)
    assert found.look() == [Finding(SEARCH, Outcome.MISSING)]
    assert found.make_missing() == [Finding(SEARCH, Outcome.MADE)], "it is the stage's own"
    with pytest.raises(UsageError, match="stagectl up --stage dev"):
        StageSecrets.find(states, "dev", stacks)


def test_only_what_is_missing_is_told_of_a_stage_that_is_up(
    monkeypatch: pytest.MonkeyPatch, ssm: FakeSsm, tmp_path: Any
) -> None:
    ssm.put_parameter(Name=PAY, Type="SecureString", Value="x")
    states = _states(cloud.stack("prod", "restaurants", template=granting(SEARCH, PAY)))
    monkeypatch.setattr(aws, "session", lambda: _Session(ssm))

    missing = stage_secrets.missing_on(states, "prod", [Stack("restaurants", tmp_path)])
    assert missing == [Finding(SEARCH, Outcome.MISSING)]


def test_a_failure_that_is_no_refusal_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    states = _states(cloud.stack("prod", "restaurants", template=granting(SEARCH)))
    throttled = ClientError({"Error": {"Code": "ThrottlingException"}}, "DescribeParameters")
    monkeypatch.setattr(aws, "session", lambda: _Session(_Refusing(throttled)))

    with pytest.raises(ClientError, match="ThrottlingException"):
        stage_secrets.missing_on(states, "prod", [Stack("restaurants", tmp_path)])


def test_who_may_not_look_is_told_that_nothing_was_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    states = _states(cloud.stack("prod", "restaurants", template=granting(SEARCH)))
    refusal = ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeParameters")
    monkeypatch.setattr(aws, "session", lambda: _Session(_Refusing(refusal)))

    assert stage_secrets.missing_on(states, "prod", [Stack("restaurants", tmp_path)]) == []
    assert "not checked" in capsys.readouterr().err


def _states(*stacks: cloud.Stack) -> StackStates:
    fake = cast("Any", cloud.FakeCloud(*stacks))
    return StackStates(fake, fake, is_emulator=False)


class _Session:
    def __init__(self, client: Any) -> None:
        self._client = client

    def client(self, service: str) -> Any:
        assert service == "ssm"
        return self._client


class _Refusing:
    def __init__(self, refusal: Exception) -> None:
        self._refusal = refusal

    def get_paginator(self, _: str) -> Any:
        raise self._refusal
