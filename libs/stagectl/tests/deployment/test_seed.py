import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, services
from stagectl.deployment import seed
from stagectl.deployment.seed import SignIn
from stagectl.errors import StagectlError, UsageError
from stagectl.targets.target import Target

Write = Callable[[str, str], Path]
TELLING = """
import json, os
names = ("POWERTOOLS_SERVICE_NAME", "STAGE")
print(" ".join(os.environ[name] for name in names))
"""
SIGN_INS = [
    {"role": "customer", "email": "ada@example.com", "password": "Secret1!"},
    {"role": "restaurant", "email": "bob@example.com", "password": "Secret2!"},
]
SIGNING_IN = f"""
import json, os
from pathlib import Path
Path(os.environ["SIGN_INS_FILE"]).write_text(json.dumps({SIGN_INS!r}))
"""
TARGET = Target("a test", {"PATH": "/bin"}, is_emulator=True)


def run(checkout: Checkout, stage: str = "dev") -> None:
    seed.seed(checkout, stage, services.discover(checkout.root), TARGET)


def test_the_scripts_run_in_deployment_order_with_their_service_and_stage(
    checkout: Checkout, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("services/auth/serverless.yml", 'service: auth\nx: "{{resolve:ssm:/orders/dev/y}}"')
    write("services/auth/seed.py", TELLING)
    write("services/orders/serverless.yml", "service: orders")
    write("services/orders/seed.py", TELLING)

    run(checkout)

    assert capsys.readouterr().err.splitlines() == ["  orders: orders dev", "  auth: auth dev"]


def test_the_sign_ins_that_a_script_leaves_are_found(checkout: Checkout, write: Write) -> None:
    write("services/auth/serverless.yml", "service: auth")
    write("services/auth/seed.py", SIGNING_IN)

    run(checkout)

    found = seed.read_sign_ins(seed.sign_ins_file(checkout, "dev", TARGET))
    assert found == [
        SignIn("customer", "ada@example.com", "Secret1!"),
        SignIn("restaurant", "bob@example.com", "Secret2!"),
    ]


@pytest.mark.parametrize("content", [None, "", "[1]", "{}", json.dumps([{"email": "ada@example.com"}])])
def test_without_whole_sign_ins_there_are_none(write: Write, tmp_path: Path, content: str | None) -> None:
    if content is not None:
        write("sign-ins.json", content)

    assert seed.read_sign_ins(tmp_path / "sign-ins.json") == []


def test_a_script_that_fails_is_named(checkout: Checkout, write: Write) -> None:
    write("services/orders/serverless.yml", "service: orders")
    write("services/orders/seed.py", "raise SystemExit(3)")

    with pytest.raises(StagectlError, match="Seeding orders failed with code 3"):
        run(checkout)


def test_production_is_never_seeded(checkout: Checkout) -> None:
    with pytest.raises(UsageError, match="has real data"):
        run(checkout, "prod")


def test_the_sign_ins_of_a_local_stage_are_printed(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    leave_sign_ins(checkout, TARGET)

    seed.show_sign_ins(checkout, "dev", TARGET)

    assert capsys.readouterr().out.splitlines() == [
        "Sign in as customer:   ada@example.com  Secret1!",
        "Sign in as restaurant: bob@example.com  Secret2!",
    ]


def test_of_sign_ins_on_aws_only_the_place_is_printed(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Target("AWS", {}, is_emulator=False)
    leave_sign_ins(checkout, target)

    seed.show_sign_ins(checkout, "dev", target)

    printed = capsys.readouterr()
    assert ".bigmouth/sign-ins/sign-ins-dev.json" in printed.err
    assert "Secret" not in printed.out + printed.err

    seed.show_sign_ins(checkout, "dev", target, as_json=True)

    document = json.loads(capsys.readouterr().out)
    assert (document["signIns"], document["registrationCode"]) == ([], None)
    assert document["file"].endswith(".bigmouth/sign-ins/sign-ins-dev.json")


def test_the_sign_ins_of_a_local_stage_are_json_on_demand(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    leave_sign_ins(checkout, TARGET)

    assert seed.show_sign_ins(checkout, "dev", TARGET, as_json=True)

    document = json.loads(capsys.readouterr().out)
    assert (document["signIns"], document["registrationCode"]) == (SIGN_INS, "123456")


def test_a_stage_without_sign_ins_prints_none(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    seed.show_sign_ins(checkout, "dev", TARGET)

    assert capsys.readouterr() == ("", "")


def leave_sign_ins(checkout: Checkout, target: Target) -> None:
    file = seed.sign_ins_file(checkout, "dev", target)
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(SIGN_INS))
