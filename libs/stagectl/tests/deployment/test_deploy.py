import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.deployment import build_folders, deploy
from stagectl.deployment.deploy import DeploymentPlan
from stagectl.errors import BusyError, DeploymentError
from stagectl.targets.target import Target

Write = Callable[[str, str], Path]
Journal = Callable[[], list[dict[str, Any]]]

INTERRUPTED_DEPLOY = str(Path(__file__).parents[1] / "fakes" / "interrupted_deploy.py")
SOURCES = str(Path(deploy.__file__).parents[2])


class Sound:
    """Stack states in which nothing needs mending."""

    def __init__(
        self, mended: Mapping[str, str] | None = None, unfinished: Collection[str] = frozenset()
    ) -> None:
        self.mended = mended or {}
        self.unfinished = unfinished

    def make_deployable(self, name: str) -> str | None:
        return self.mended.get(name)

    def stop_waiting(self) -> None:
        """Nothing here waits."""

    def is_unfinished(self, name: str) -> bool:
        return name in self.unfinished


class Remembers:
    """Takes the named stacks for deployed, and notes what is deployed."""

    def __init__(self, *current: str) -> None:
        self.current = set(current)
        self.noted: list[tuple[str, str | None]] = []

    def inputs_of(self, stack: Stack) -> str | None:
        return f"inputs of {stack.name}"

    def is_current(self, stack: Stack, inputs: str | None) -> bool:
        return stack.name in self.current and inputs == f"inputs of {stack.name}"

    def note(self, stack: Stack, inputs: str | None) -> None:
        self.noted.append((stack.name, inputs))


@pytest.fixture
def journal(checkout: Checkout) -> Journal:
    path = checkout.root / "journal"

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    return read


def add(write: Write, name: str, behaviour: str = "", needs: str = "shared-infra") -> None:
    text = f'service: {name}\nx: "{{{{resolve:ssm:/{needs}/dev/a}}}}"'
    write(f"services/{name}/serverless.yml", text)
    write(f"services/{name}/behaviour", behaviour)


def plan(checkout: Checkout, *parameters: str) -> DeploymentPlan:
    environment = {**os.environ, "JOURNAL": str(checkout.root / "journal")}
    target = Target("a test", environment, is_emulator=True)
    return DeploymentPlan(
        stage="dev", stacks=services.discover(checkout.root), target=target, parameters=parameters
    )


def test_every_stack_is_deployed_in_order(checkout: Checkout, write: Write, journal: Journal) -> None:
    add(write, "auth")
    add(write, "orders", needs="auth")

    report = deploy.deploy(checkout, plan(checkout), Sound())

    assert report.outcomes == {"shared-infra": "deployed", "auth": "deployed", "orders": "deployed"}
    assert [entry["service"] for entry in journal() if entry["event"] == "started"] == [
        "shared-infra",
        "auth",
        "orders",
    ]


def test_sls_gets_the_stage_and_the_parameters(checkout: Checkout, journal: Journal) -> None:
    deploy.deploy(checkout, plan(checkout, "ssmStage=dev"), Sound())

    assert journal()[0]["arguments"] == ["deploy", "--stage", "dev", "--param", "ssmStage=dev"]


def test_an_unchanged_stack_is_reported_as_such(checkout: Checkout, write: Write) -> None:
    add(write, "auth", "unchanged")

    assert deploy.deploy(checkout, plan(checkout), Sound()).outcomes["auth"] == "unchanged"


def test_sls_is_not_asked_about_what_is_known_to_be_deployed(
    checkout: Checkout, write: Write, journal: Journal
) -> None:
    add(write, "auth")
    records = Remembers("shared-infra")

    report = deploy.deploy(checkout, plan(checkout), Sound(), records)

    assert report.outcomes == {"shared-infra": "unchanged", "auth": "deployed"}
    assert {entry["service"] for entry in journal()} == {"auth"}
    assert records.noted == [("auth", "inputs of auth")]


def test_a_forced_deployment_asks_sls_about_everything(checkout: Checkout, journal: Journal) -> None:
    forced = replace(plan(checkout), force=True)

    deploy.deploy(checkout, forced, Sound(), Remembers("shared-infra"))

    assert "--force" in journal()[0]["arguments"]


def test_a_deployment_that_failed_is_not_remembered_and_is_forced_though_it_was_known(
    checkout: Checkout, write: Write, journal: Journal
) -> None:
    add(write, "auth", "fail")
    records = Remembers()
    with pytest.raises(DeploymentError):
        deploy.deploy(checkout, plan(checkout), Sound(), records)
    assert records.noted == [("shared-infra", "inputs of shared-infra")]
    add(write, "auth")

    deploy.deploy(checkout, plan(checkout), Sound(), Remembers("shared-infra", "auth"))

    assert (journal()[-1]["service"], "--force" in journal()[-1]["arguments"]) == ("auth", True)


def test_a_warning_of_sls_is_passed_on(
    checkout: Checkout, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    add(write, "auth", "warn")

    deploy.deploy(checkout, plan(checkout), Sound())

    assert "auth: Warning: The package has no bytecode" in capsys.readouterr().err


def test_a_failure_stops_what_depends_on_it_and_names_cause_and_log(checkout: Checkout, write: Write) -> None:
    add(write, "auth", "fail")
    add(write, "orders", needs="auth")

    with pytest.raises(DeploymentError) as raised:
        deploy.deploy(checkout, plan(checkout), Sound())

    message = str(raised.value)
    assert "auth failed to deploy to stage dev" in message
    assert "OrdersTable (AWS::DynamoDB::Table): CREATE_FAILED" in message
    assert "Table name is taken" in message
    assert ".bigmouth/logs/dev/auth.log" in message
    assert "Not deployed because of it: orders" in message


def test_the_log_holds_the_full_output(checkout: Checkout) -> None:
    deploy.deploy(checkout, plan(checkout), Sound())

    assert "Service deployed" in deploy.log_of(checkout, "dev", "shared-infra").read_text()


def test_a_deployment_after_a_failed_one_is_forced_and_the_next_is_not(
    checkout: Checkout, write: Write, journal: Journal
) -> None:
    add(write, "auth", "fail")
    with pytest.raises(DeploymentError):
        deploy.deploy(checkout, plan(checkout), Sound())
    add(write, "auth")

    deploy.deploy(checkout, plan(checkout), Sound())
    deploy.deploy(checkout, plan(checkout), Sound())

    forced = ["--force" in entry["arguments"] for entry in journal() if entry["service"] == "auth"]
    assert [*dict.fromkeys(forced)] == [False, True]
    assert forced[-1] is False


def test_a_deployment_after_one_that_failed_on_another_machine_is_forced(
    checkout: Checkout, write: Write, journal: Journal
) -> None:
    add(write, "auth")

    deploy.deploy(checkout, plan(checkout), Sound(unfinished={"auth-dev"}))

    forced = {entry["service"]: "--force" in entry["arguments"] for entry in journal()}
    assert forced == {"shared-infra": False, "auth": True}


def test_what_was_removed_as_half_made_is_said(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy.deploy(checkout, plan(checkout), Sound({"shared-infra-dev": "ROLLBACK_COMPLETE"}))

    assert "removed an incomplete stack of an earlier run (ROLLBACK_COMPLETE)" in capsys.readouterr().err


def test_a_second_deployment_of_the_checkout_is_refused_with_its_holder(checkout: Checkout) -> None:
    with (
        build_folders.hold(checkout, "deploying stage dev"),
        pytest.raises(BusyError, match=f"process {os.getpid()}, deploying stage dev"),
    ):
        deploy.deploy(checkout, plan(checkout), Sound())


def test_a_missing_sls_names_the_way_out(checkout: Checkout) -> None:
    checkout.sls.unlink()

    with pytest.raises(Exception, match="npm run setup"):
        deploy.deploy(checkout, plan(checkout), Sound())


def test_sls_deploys_to_the_region_in_which_stacks_are_looked_for(
    checkout: Checkout, journal: Journal
) -> None:
    planned = plan(checkout)
    environment = {**planned.target.environment, "AWS_REGION": "eu-central-1"}
    target = replace(planned.target, environment=environment)

    deploy.deploy(checkout, replace(planned, target=target), Sound())

    assert journal()[-1]["arguments"][-2:] == ["--region", "eu-central-1"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_sls_and_the_command_and_the_next_run_works(
    checkout: Checkout, write: Write, journal: Journal, number: signal.Signals
) -> None:
    write("shared-infra/behaviour", "hang")
    environment = {**os.environ, "JOURNAL": str(checkout.root / "journal"), "PYTHONPATH": SOURCES}
    with subprocess.Popen([sys.executable, INTERRUPTED_DEPLOY, str(checkout.root)], env=environment) as child:
        eventually(lambda: any(entry["event"] == "started" for entry in journal()))
        child.send_signal(number)
        child.send_signal(number)
        assert child.wait(timeout=20) == 130
    assert journal()[-1]["event"] == "interrupted"

    write("shared-infra/behaviour", "")
    assert deploy.deploy(checkout, plan(checkout), Sound()).outcomes == {"shared-infra": "deployed"}
    assert "--force" in journal()[-1]["arguments"]


def eventually(holds: Callable[[], bool], deadline_seconds: float = 20.0) -> None:
    deadline = time.monotonic() + deadline_seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
