"""The steps of the workflows in .github run for real, on the emulator, over the life of one pull request.

Each fixture is an event in that life and needs the one before. So that it takes seconds, some commands get
further arguments: a preview here has two stacks, and one scenario that needs no more of them is its suite.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from stagectl.targets import preview_name
from workflow_runs.github_script import pull_request as open_one
from workflow_runs.run import REPOSITORY, VARIABLES, Run

from steps import small_stages
from steps.github import GitHub
from support.declared_routes import declared_routes
from support.stage import REPOSITORY as CHECKOUT
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(300)]

BRANCH = "feature/New-Menu"
PREVIEW = preview_name.of_branch(BRANCH)
SERVICES = sorted({route.service for route in declared_routes()})
A_SCENARIO = "test_the_stage_publishes_it_as_plain_text"
# What a stack of the preview wants to make.
TAKEN = f"/shared-infra/{PREVIEW}/eventBusName"

Start = Callable[..., Run]
Reported = tuple[Run, str]


@pytest.fixture(scope="module", autouse=True)
def main_branch_of_github() -> Iterator[None]:
    """Give a checkout that was never pushed what every checkout of GitHub has: the main branch there."""
    git = ["git", "-C", str(CHECKOUT)]
    remote = "refs/remotes/origin/main"
    if not subprocess.run([*git, "rev-parse", "--verify", "--quiet", remote], check=False).returncode:
        yield
        return
    subprocess.run([*git, "update-ref", remote, "HEAD"], check=True)
    yield
    subprocess.run([*git, "update-ref", "-d", remote], check=True)


@pytest.fixture(scope="module")
def github(stage: Stage) -> GitHub:
    return GitHub(
        {
            "AWS_ACCESS_KEY_ID": stage.credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": stage.credentials.secret_key,
        }
    )


@pytest.fixture(scope="module")
def real(stage: Stage) -> dict[str, tuple[str, ...]]:
    """The commands that run. `npm run test:all` does not: this is part of it."""
    # The preview has no API of its own to look at.
    urls = {service: stage.service_url(service) for service in SERVICES}
    return {
        "npm test --": ("-k", f"{A_SCENARIO} and userPoolId"),
        "npx stagectl": (),
        "npx stagectl up": ("--service", "shared-infra", "--service", "auth"),
        "npx stagectl smoke": ("--urls", json.dumps(urls)),
    }


@pytest.fixture(scope="module")
def start(
    github: GitHub,
    real: dict[str, tuple[str, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Start:
    """Runs a workflow for an event."""

    def start_run(workflow: str, event_name: str, event: dict[str, Any], **options: Any) -> Run:
        # On GitHub each job has a new machine, without records of the last deployment.
        shutil.rmtree(CHECKOUT / ".bigmouth" / "unfinished" / PREVIEW, ignore_errors=True)
        folder = tmp_path_factory.mktemp("run")
        run = Run(
            folder,
            event_name,
            event,
            play=github.play,
            environment={
                "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
                # Other tests may deploy from this checkout, and write results, at the same time.
                "BIGMOUTH_WAIT": "1",
                "BIGMOUTH_TEST_RESULTS": str(folder / "test-results"),
            },
            **{"real": real, **options},
        )
        return run.start(workflow)

    return start_run


@pytest.fixture(scope="module")
def broken_push(start: Start, stage: Stage, github: GitHub, real: dict[str, tuple[str, ...]]) -> Reported:
    """A push whose deployment meets a parameter of another owner; with the comment that it left.

    Its jobs also set up what is here already.
    """
    stage.ssm.put_parameter(Name=TAKEN, Value="not yours", Type="String")
    try:
        run = start("preview.yml", "pull_request", pull_request(), real={**real, "npm run setup": ()})
    finally:
        stage.ssm.delete_parameter(Name=TAKEN)
    return run, only_comment(github)


@pytest.fixture(scope="module")
def next_push(broken_push: Reported, start: Start, github: GitHub) -> Reported:
    """The push after it, with nothing in the way; with the comment."""
    return start("preview.yml", "pull_request", pull_request()), only_comment(github)


@pytest.fixture(scope="module")
def one_service(next_push: Reported, start: Start, real: dict[str, tuple[str, ...]]) -> Run:
    """One service, deployed by hand."""
    return start(
        "deploy-service.yml",
        "workflow_dispatch",
        {},
        ref=f"refs/heads/{BRANCH}",
        inputs={"service": "auth", "stage": "preview"},
        real={**real, "npx stagectl up": ()},
    )


@pytest.fixture(scope="module")
def closed_before_another(one_service: Run, start: Start, github: GitHub, stage: Stage) -> set[str]:
    """The end of the pull request while another one of its branch is open; with the stacks that are there."""
    github.open_pull_requests.append(open_one(6, BRANCH))
    try:
        run = start("preview-cleanup.yml", "pull_request", pull_request())
    finally:
        github.open_pull_requests.clear()
    assert results(run) == {"stop-checks": "success", "branch/look": "success"}
    return small_stages.stacks_of(stage, PREVIEW)


@pytest.fixture(scope="module")
def closed(closed_before_another: set[str], start: Start, github: GitHub) -> Reported:
    """The end of the last pull request; with the comment."""
    return start("preview-cleanup.yml", "pull_request", pull_request()), only_comment(github)


@pytest.fixture(scope="module")
def pushed(closed: Reported, start: Start) -> Run:
    """A push to the branch, which has no pull request any more and has a stage of its own now."""
    variables = {**VARIABLES, "PREVIEW_BRANCHES": "feature/*"}
    return start("preview-branch.yml", "push", {}, ref=f"refs/heads/{BRANCH}", variables=variables)


@pytest.fixture
def forgotten(stage: Stage) -> Iterator[str]:
    """A stage with one stack that should have gone long ago."""
    name = "preview-forgotten"
    with small_stages.swept(stage, name):
        expired = {"expires_at": "2026-01-31T00:00:00Z"}
        small_stages.deploy(stage, "events", name, {"Queue": small_stages.QUEUE}, **expired)
        yield name


def test_a_deployment_that_fails_halfway_is_reported_with_its_place(broken_push: Reported) -> None:
    run, comment = broken_push

    assert results(run) == {
        "stage/deploy/deploy": "failure",
        "report/report": "success",
        "report/comment": "success",
    }
    assert "Everything is installed." in run.jobs["report/report"].output
    assert "**shared-infra failed:** EventBusNameParameter: " in comment
    # After a failure no further deployment starts; whether this one had started depends on what else deploys.
    assert re.search(r"\| auth \| (UPDATE_COMPLETE|not deployed) \|", comment)
    assert "The suite did not run on this stage." in comment
    log = run.folder / "artifacts" / f"deployment-{PREVIEW}" / PREVIEW / "shared-infra.log"
    assert "EventBusNameParameter" in log.read_text()


def test_the_next_push_repairs_it_and_takes_the_comment_over(next_push: Reported) -> None:
    run, comment = next_push

    assert set(results(run).values()) == {"success"}
    assert "**shared-infra failed:**" not in comment
    assert comment.count("| UPDATE_COMPLETE |") == len(("shared-infra", "auth"))
    assert "| events | not deployed |" in comment


def test_a_preview_is_tested_and_priced_and_its_summary_is_the_comment(next_push: Reported) -> None:
    run, comment = next_push

    assert A_SCENARIO in (run.folder / "artifacts" / f"suite-{PREVIEW}" / "end-to-end-http.xml").read_text()
    assert "Suite: **1 passed** in " in comment
    assert "Cost: USD " in comment  # only-with-example-services
    assert run.jobs["report/report"].summary == comment


def test_one_service_is_deployed_by_hand_and_looked_at_from_outside(one_service: Run) -> None:
    assert results(one_service) == {"deploy/deploy": "success", "check/check": "success"}
    assert one_service.jobs["deploy"].outputs["urls"] == "{}"  # it has no service with an API
    # Without credentials, so a route may refuse.
    said = r"ok     (200|403)  GET " if SERVICES else "there is nothing to test"
    assert re.search(said, one_service.jobs["check/check"].output)


def test_a_closed_pull_request_leaves_nothing(closed: Reported, stage: Stage) -> None:
    run, comment = closed

    assert set(results(run).values()) == {"success"}
    assert "Nothing of this stage is deployed." in comment
    assert small_stages.stacks_of(stage, PREVIEW) == set()


def test_two_pull_requests_of_a_branch_share_its_stage_until_both_are_closed(
    closed_before_another: set[str],
) -> None:
    assert closed_before_another == {f"shared-infra-{PREVIEW}", f"auth-{PREVIEW}"}


def test_a_branch_has_a_stage_of_its_own_that_goes_with_it(pushed: Run, start: Start, stage: Stage) -> None:
    assert set(results(pushed).values()) == {"success"}
    assert small_stages.stacks_of(stage, PREVIEW) == {f"shared-infra-{PREVIEW}", f"auth-{PREVIEW}"}

    deleted = {"ref": BRANCH, "ref_type": "branch"}
    assert set(results(start("preview-cleanup.yml", "delete", deleted)).values()) == {"success"}
    assert small_stages.stacks_of(stage, PREVIEW) == set()

    run = start("preview-cleanup.yml", "delete", deleted)
    assert results(run) == {"branch/look": "success", "remove/remove": "success"}
    assert f"Stage {PREVIEW} does not exist. Nothing to remove." in run.jobs["remove/remove"].output


def test_a_stage_whose_time_is_over_is_reaped_at_night(start: Start, stage: Stage, forgotten: str) -> None:
    run = start("reap.yml", "schedule", {})

    assert set(results(run).values()) == {"success"}
    found = json.loads(run.jobs["find"].outputs["found"])["stages"]
    assert {"stage": forgotten, "reason": "expired at 2026-01-31 00:00 UTC"} in found
    assert small_stages.stacks_of(stage, forgotten) == set()


def pull_request() -> dict[str, Any]:
    head = {"ref": BRANCH, "sha": "5ha", "repo": {"full_name": REPOSITORY}}
    return {"pull_request": {"number": 5, "head": head}}


def results(run: Run) -> dict[str, str]:
    """Return the results of the jobs that had steps, but for those that only prepare."""
    ran = {path: job.result for path, job in run.jobs.items() if job.workspace.name}
    return {path: result for path, result in ran.items() if not path.startswith(("checks/", "name/"))}


def only_comment(github: GitHub) -> str:
    [comment] = github.comments
    body: str = comment["body"]
    return body
