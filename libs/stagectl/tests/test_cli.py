import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import stagectl
from stagectl import cli
from stagectl.checkout import Checkout
from stagectl.system import interrupts

SOURCES = str(Path(stagectl.__file__).parents[1])
COMMANDS = [
    *("start", "stop", "doctor"),
    *(
        "up",
        "down",
        "list",
        "status",
        "urls",
        "open",
        "logs",
        "orders",  # only-with-example-services
        "seed",
        "config",
        "configure",
        "diff",
        "reap",
    ),
    *("dlq", "replay"),
    *("services", "stage-name", "report", "smoke", "acceptance"),
    *("cost", "tune", "permissions"),
]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stagectl", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": SOURCES,
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        },
    )


def help_of(*command: str) -> str:
    """Return what a command says of itself, in this process: one of its own would take half a second."""
    result = CliRunner().invoke(cli.app, [*command, "--help"])
    assert result.exit_code == 0
    return result.stdout


def test_help_names_every_command() -> None:
    output = run("--help").stdout

    assert [command for command in COMMANDS if f" {command} " not in output] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    assert "For example:" in help_of(command)


@pytest.mark.parametrize("command", ["list", "peek", "redrive", "purge"])
def test_every_command_about_dead_letters_explains_itself_with_an_example(command: str) -> None:
    assert "For example:" in help_of("dlq", command)


@pytest.mark.parametrize("command", ["get", "set", "history", "rollback"])
def test_every_command_about_configuration_explains_itself_with_an_example(command: str) -> None:
    assert "For example:" in help_of("config", command)


# begin only-with-example-services
@pytest.mark.parametrize("command", ["list", "accept", "reject"])
def test_every_command_about_orders_explains_itself_with_an_example(command: str) -> None:
    assert "For example:" in help_of("orders", command)


# end only-with-example-services
def test_the_version_is_a_result() -> None:
    completed = run("--version")

    assert (completed.returncode, completed.stdout) == (0, f"stagectl {stagectl.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["down", "--stage", "prod"], "is permanent: stagectl does not remove it"),
        (["down", "--stage", "dev"], "is permanent: stagectl does not remove it"),
        (["seed", "--stage", "prod"], "demo data cannot be loaded"),
        (["up", "--stage", " "], "needs a name"),
        (["up", "--stage", "x", "--service", "nope"], "There is no service nope"),
        (["logs", "events", "--since", "soon"], "not a duration"),
        (["stop", "--all", "--port", "1"], "exclude each other"),
        (["start", "--detach", "--auto-accept"], "leave out --detach"),  # only-with-example-services
        (["orders", "list"], "Missing argument"),  # only-with-example-services
        (["orders", "list", "Fangtasia", "--state", "eaten"], "--state"),  # only-with-example-services
        (["orders", "accept"], "Missing argument"),  # only-with-example-services
        (["dlq", "redrive"], "Name one queue, or pass --all"),
        (["dlq", "redrive", "x-dlq", "--all"], "Name one queue, or pass --all"),
        (["dlq", "redrive", "x-dlq", "--rate", "0"], "--rate"),
        (["replay", "--from", "soon"], "is not a time"),
        (["replay"], "Missing option"),
        (["replay", "--from", "soon", "--detail-type", "user_erase"], "Did you mean user_erased"),
        (["up"], "Missing option --stage. Pass --stage local"),
        (["down"], "Missing option --stage. Pass --stage local"),
        (["down", "--stage", ""], "Missing option --stage. Pass --stage local"),
        (["statu"], "Did you mean 'status'"),
        (["status", "--jsn"], "--json"),
        (["logs", "event"], "Did you mean events?"),
        (["logs", "events", "event-loger"], "Did you mean event-logger?"),
        (["config", "get", "events/event-loger"], "Did you mean events/event-logger?"),
        (["diff", "--param", "ssmStag=dev"], "Did you mean ssmStage?"),
        (["diff", "--param", "ssmStage"], "must have the form name=value"),
        (["up", "--base", "dev"], "go together"),
        (["up", "--changed-since", "HEAD"], "go together"),
        (["up", "--base", "dev", "--changed-since", "HEAD", "--service", "events"], "exclude each other"),
        (["stage-name", " "], "needs a name"),
        (["smoke", "--stage", "dev", "--urls", "{}"], "--stage and --urls exclude each other."),
        (["smoke", "--urls", "[]"], "must be a JSON object with a URL for each service"),
        (["smoke", "--urls", '{"events": "file:///etc/passwd"}'], "must be a JSON object with a URL"),
        (["smoke", "--urls", '{"nope": "https://x"}'], "There is no service nope"),
        (["smoke", "--urls", "{}"], "has no URLs"),  # only-with-example-services
        (["report", "--stage", "x", "--changed-since", "--help-me"], "git cannot compare with --help-me"),
        (["fly"], "No such command"),
    ],
)
def test_wrong_usage_is_said_on_standard_error_with_exit_code_2(
    arguments: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(interrupts, "install", lambda: None)
    monkeypatch.setattr(sys, "argv", ["stagectl", *arguments])

    # In this process: one of its own would take half a second.
    with pytest.raises(SystemExit) as left:
        cli.main()

    assert left.value.code == 2
    output, errors = capfd.readouterr()
    assert says in errors
    assert output == ""


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("st", ["start", "stop", "status", "stage-name"]),
        ("urls --stage l", ["local"]),
        ("up --service au", ["auth"]),
        ("up --param ssm", ["ssmStage="]),
        ("logs au", ["auth"]),
        ("logs events ev", ["event-logger"]),
        ("tune event", ["event-logger"]),
        ("config get events/ev", ["events/event-logger"]),
        ("invoke orders place-order --route P", ["POST /orders"]),  # only-with-example-services
        ("invoke events event-logger --as st", ["staff"]),
        ("dlq peek every", ["every-event-dlq"]),
        ("orders list Fang", ["Fangtasia"]),  # only-with-example-services
        ("events tail --detail-type user_erasu", ["user_erasure_requested"]),
    ],
)
def test_a_shell_is_offered_what_fits(
    line: str, offered: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_STAGECTL_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"stagectl {line}")
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" "))))

    with pytest.raises(SystemExit):
        cli.app([], prog_name="stagectl")

    assert capfd.readouterr() == ("\n".join(offered) + "\n", "")


def test_a_process_leaves_with_the_exit_code_of_wrong_usage() -> None:
    completed = run("fly")

    assert (completed.returncode, completed.stdout) == (2, "")
    assert "No such command" in completed.stderr


def test_missing_credentials_are_one_line(tmp_path: Path) -> None:
    completed = run("up", "--stage", "pr-1", HOME=str(tmp_path))

    assert completed.returncode == 1
    assert "No usable credentials for AWS" in completed.stderr
    assert "Traceback" not in completed.stderr


def test_nothing_to_stop_is_fine() -> None:
    completed = run("stop", "--port", "59999")

    assert completed.returncode == 0


def test_an_emulator_that_does_not_run_is_said_with_the_way_out() -> None:
    completed = run("urls", "--stage", "local", "--json", BIGMOUTH_PORT="59998")

    assert completed.returncode == 1
    assert "The emulator on port 59998 does not run." in completed.stderr


def test_the_doctor_speaks_json_on_demand() -> None:
    findings = json.loads(run("doctor", "--json", BIGMOUTH_PORT="59998").stdout)

    assert {"git", "node", "python", "sls", "disk", "aws"} <= {finding["subject"] for finding in findings}
    assert all(finding["wayOut"] for finding in findings if finding["level"] == "fail")


def test_the_services_come_in_waves_that_can_deploy() -> None:
    documents = json.loads(run("services", "--json").stdout)

    wave_of = {document["name"]: document["wave"] for document in documents}
    assert wave_of["shared-infra"] == 1
    assert all(
        wave_of[need] < document["wave"] for document in documents for need in document["dependencies"]
    )


def test_a_stage_is_named_after_its_branch_whatever_that_begins_with() -> None:
    assert run("stage-name", "--", "-x").stdout.startswith("preview-x-")


def test_a_damaged_file_of_ours_is_named_with_the_way_out() -> None:
    in_the_way = Checkout.of_this_file().emulators / "59997" / "reserved.lock"
    in_the_way.mkdir(parents=True)
    try:
        completed = run("start", BIGMOUTH_PORT="59997")
    finally:
        shutil.rmtree(in_the_way.parent)

    assert completed.returncode == 1
    assert completed.stderr == (
        f"{in_the_way}: Is a directory. Remove it or make it writable, then try again.\n"
    )
