"""Rules that every workflow keeps."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from devtools.checks.lint import Linter, Verdict
from stagectl.checkout import Checkout, services
from workflow_runs.documents import ROOT, WORKFLOWS, load, triggers

NAMES = sorted(path.name for path in WORKFLOWS.glob("*.yml"))
FILES = [*WORKFLOWS.glob("*.yml"), *(ROOT / ".github").glob("actions/*/action.yml")]
JOBS = [(name, key) for name in NAMES for key in load(name)["jobs"]]
PINNED = re.compile(r"uses: [\w-]+/[\w-]+(?:/[\w-]+)*@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
LOCAL = re.compile(r"uses: \./\.github/(?:workflows/[\w-]+\.yml|actions/[\w-]+)$")
STEPS_CALL = re.compile(r"^(?:[a-z]+=\$\()?(npm|npx|echo|cat|if)\b")


def steps() -> list[Any]:
    found = []
    for path in FILES:
        document = yaml.safe_load(path.read_text())
        jobs = document.get("jobs", {"action": document.get("runs")})
        found += [
            pytest.param(step, id=f"{path.parent.name}/{path.name}: {step.get('name')}")
            for job in jobs.values()
            for step in job.get("steps", [])
            if "run" in step
        ]
    return found


def test_actionlint_and_zizmor_find_nothing() -> None:
    verdict: Verdict = Linter(Checkout(ROOT))._workflows()

    assert verdict.complaints == ""


def test_actionlint_is_awake(tmp_path: Any) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.evnt }}\n"
    )

    completed = subprocess.run(
        ["node", str(Checkout(ROOT).actionlint), str(wrong)], capture_output=True, text=True, check=False
    )

    assert completed.returncode == 1
    assert 'property "evnt" is not defined' in completed.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_action_is_pinned_by_a_commit_that_names_its_version(path: Any) -> None:
    uses = [line.strip().removeprefix("- ") for line in path.read_text().splitlines() if "uses:" in line]

    assert [line for line in uses if not PINNED.match(line) and not LOCAL.match(line)] == []


def test_an_action_has_one_version_everywhere() -> None:
    used = set(re.findall(r"uses: ([\w/-]+)@(\w+)", "".join(path.read_text() for path in FILES)))

    assert len(used) == len({action for action, _ in used})


@pytest.mark.parametrize("name", NAMES)
def test_no_workflow_has_permissions_that_a_job_did_not_ask_for(name: str) -> None:
    assert load(name)["permissions"] == {}


@pytest.mark.parametrize(("name", "key"), JOBS)
def test_every_job_ends_in_time_and_says_what_it_may_do(name: str, key: str) -> None:
    job = load(name)["jobs"][key]

    assert "permissions" in job
    assert "uses" in job or 0 < job["timeout-minutes"] <= 120


@pytest.mark.parametrize(("name", "key"), JOBS)
def test_only_checks_are_ever_cancelled(name: str, key: str) -> None:
    concurrency = load(name)["jobs"][key].get("concurrency")

    if concurrency:
        assert concurrency["cancel-in-progress"] is concurrency["group"].startswith("checks-")


@pytest.mark.parametrize(("name", "key"), JOBS)
def test_only_a_job_that_takes_a_role_on_publishes_pages_or_attests_may_ask_for_a_token_to_do_so(
    name: str, key: str
) -> None:
    job = load(name)["jobs"][key]
    steps = str(job.get("steps"))

    if "steps" in job:
        actions = ("configure-aws-credentials", "actions/deploy-pages", "actions/attest@")
        needs_it = any(action in steps for action in actions)
        assert ("id-token" in job["permissions"]) is needs_it


@pytest.mark.parametrize(
    ("name", "key"), [(name, key) for name, key in JOBS if "uses" in load(name)["jobs"][key]]
)
def test_a_caller_grants_exactly_what_the_called_workflow_asks_for(name: str, key: str) -> None:
    job = load(name)["jobs"][key]
    asked = [one["permissions"] for one in load(Path(job["uses"]).name)["jobs"].values()]

    assert job["permissions"] == {level: value for one in asked for level, value in one.items()}


@pytest.mark.parametrize(("name", "key"), JOBS)
def test_no_job_both_runs_code_and_writes_to_the_repository(name: str, key: str) -> None:
    job = load(name)["jobs"][key]
    writes = {permission for permission, level in job["permissions"].items() if level == "write"} - {
        "id-token"
    }

    running = [step for step in job.get("steps", []) if "run" in step or step["uses"].startswith("./")]
    assert not writes or running == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_there_are_no_secrets_and_no_services_in_it(path: Any) -> None:
    text = path.read_text()

    assert "secrets" not in text
    # The names of opt-in stacks are words of other things too, such as a folder of logs.
    names = [name for name, stack in services.discover(ROOT).items() if not stack.is_opt_in]
    assert [name for name in names if re.search(rf"\b(?<!security-){name}\b(?!/account)", text)] == []


@pytest.mark.parametrize("step", steps())
def test_a_step_calls_npm_and_stagectl_and_what_it_is_told_comes_in_variables(step: dict[str, Any]) -> None:
    assert "${{" not in step["run"]
    commands = [line for line in step["run"].splitlines() if not line.startswith(" ")]
    assert [line for line in commands if not STEPS_CALL.match(line)] == []


@pytest.mark.parametrize("name", [name for name in NAMES if "workflow_call" in triggers(load(name))])
def test_every_reusable_workflow_is_used(name: str) -> None:
    assert any(f"workflows/{name}" in (WORKFLOWS / other).read_text() for other in NAMES)


def test_nothing_runs_on_a_pull_request_with_the_rights_of_the_base() -> None:
    risky = {"pull_request_target", "workflow_run", "issue_comment"}

    assert [name for name in NAMES if risky & set(triggers(load(name)))] == []


def test_a_single_service_can_be_deployed_to_each_environment_as_its_deployer() -> None:
    deployers = json.loads((ROOT / "shared-infra" / "facts.json").read_text())["deployers"]
    workflow = load("deploy-service.yml")
    deployer = workflow["jobs"]["deploy"]["with"]["deployer"]

    options = triggers(workflow)["workflow_dispatch"]["inputs"]["stage"]["options"]
    assert options == [one for environments in deployers.values() for one in environments]
    assert f"fromJSON('{json.dumps(deployers['main'])}')" in deployer
