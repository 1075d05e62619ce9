"""What the workflows do for an event: which jobs run, with which rights, and what their steps call."""

import json
import os
import subprocess
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from stagectl import cli
from workflow_runs import commands, github_script
from workflow_runs.documents import WORKFLOWS, load, triggers
from workflow_runs.expressions import fill
from workflow_runs.github_script import pull_request as open_one
from workflow_runs.run import REPOSITORY, VARIABLES, Effect, Job, Play, Run

Start = Callable[..., Run]
HOSTILE = 'fix/$(touch hacked)-"; touch hacked; `touch hacked` #'


def pull_request(branch: str = "feature/menu", repository: str | None = REPOSITORY) -> dict[str, Any]:
    head_repository = {"full_name": repository} if repository else None
    return {"pull_request": {"number": 5, "head": {"ref": branch, "sha": "5ha", "repo": head_repository}}}


DEPLOYED = {"id": 1, "sha": "c0ffee", "environment": "prod", "states": ["in_progress", "success"]}


def github(*open_ones: dict[str, Any], branches: Collection[str] = (), failing: str = "") -> Play:
    """Answer scripts as GitHub does."""

    def play(name: str, given: Mapping[str, Any], job: Job, run: Run) -> Effect:
        if name != "actions/github-script" or "issues" in given["script"]:
            return Effect()
        answers: dict[str, Any] = {
            "open_pull_requests": open_ones,
            "branches": branches,
            "deployments": [DEPLOYED],
            "failing": failing,
        }
        ran = github_script.run(given["script"], folder=job.workspace, variables=job.variables, **answers)
        is_text = given.get("result-encoding") == "string"
        return Effect(
            outputs={"result": ran.result if is_text else json.dumps(ran.result)}, failed=ran.failed
        )

    return play


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Runs a workflow for an event; no pull request is open any more, unless the test says other."""

    def start_run(workflow: str, event_name: str, event: dict[str, Any] | None = None, **options: Any) -> Run:
        folder = tmp_path / f"run-{len(list(tmp_path.iterdir()))}"
        return Run(folder, event_name, event or {}, **{"play": github(), **options}).start(workflow)

    return start_run


def assumed(run: Run) -> dict[str, str]:
    """The role that each job took on."""
    return {
        path: given["role-to-assume"]
        for path, job in run.jobs.items()
        for given in job.action("aws-actions/configure-aws-credentials")
    }


def stage_of(run: Run) -> str:
    stage: str = run.jobs["name/name"].outputs["stage"]
    return stage


def test_a_pull_request_is_checked_deployed_tested_and_reported(start: Start) -> None:
    run = start("preview.yml", "pull_request", pull_request(), ref="refs/pull/5/merge")

    stage = stage_of(run)
    assert run.commands == [
        ["npm", "run", "test:all"],
        ["npx", "stagectl", "stage-name", "--", "feature/menu"],
        [
            *("npx", "stagectl", "up", "--stage", stage, "--param", "deployer=preview"),
            *("--seed", "--timings"),
        ],
        ["npx", "stagectl", "urls", "--stage", stage, "--json"],
        ["npm", "test", "--", "--stage", stage],
        ["npx", "stagectl", "cost", "--json"],  # only-with-example-services
        [
            *("npx", "stagectl", "report", "--stage", stage, "--test-results", "test-results"),
            *("--cost", "cost.json"),  # only-with-example-services
            *("--run-url", f"https://github.com/{REPOSITORY}/actions/runs/7"),
            *("--changed-since", "origin/main"),
        ],
    ]
    assert assumed(run) == {
        "stage/deploy/deploy": "arn:aws:iam::1:role/preview",
        "stage/test/test": "arn:aws:iam::1:role/preview-tester",
        "report/report": "arn:aws:iam::1:role/preview",
    }
    assert run.jobs["report/report"].summary == "<!-- marker -->\nbody\n"


def test_a_preview_is_of_the_branchs_own_commit(start: Start) -> None:
    run = start("preview.yml", "pull_request", pull_request())

    [checkout] = run.jobs["stage/deploy/deploy"].action("actions/checkout")
    assert (checkout["ref"], checkout["persist-credentials"]) == ("5ha", False)
    [checkout] = run.jobs["report/report"].action("actions/checkout")
    assert (checkout["ref"], checkout["fetch-depth"]) == ("5ha", 0)  # with the history, to tell what changed


@pytest.mark.parametrize("repository", ["stranger/shop", None])
@pytest.mark.parametrize(
    ("workflow", "jobs"),
    [("preview.yml", {"checks", "checks/test"}), ("preview-cleanup.yml", {"stop-checks"})],
)
def test_a_fork_gets_checks_and_no_credentials(
    start: Start, workflow: str, jobs: set[str], repository: str | None
) -> None:
    run = start(workflow, "pull_request", pull_request("main", repository))

    assert set(run.jobs) == jobs
    assert not any("id-token" in job.permissions for job in run.jobs.values())


def test_a_repository_without_an_account_gets_checks(start: Start) -> None:
    assert set(start("preview.yml", "pull_request", pull_request(), variables={}).jobs) == {
        "checks",
        "checks/test",
    }


def test_nothing_is_deployed_when_the_checks_fail(start: Start) -> None:
    run = start("preview.yml", "pull_request", pull_request(), failing="test:all")

    assert not any("up" in command for command in run.commands)
    assert assumed(run) == {}


@pytest.mark.parametrize("failing", ["up", "urls"])
def test_a_failed_deployment_is_reported_and_not_tested(start: Start, failing: str) -> None:
    run = start("preview.yml", "pull_request", pull_request(), failing=failing)

    assert ["npm", "test", "--", "--stage", stage_of(run)] not in run.commands
    assert "report" in run.commands[-1]
    assert run.jobs["stage/deploy/deploy"].action("actions/upload-artifact")


# begin only-with-example-services
def test_a_report_needs_no_estimate(start: Start) -> None:
    run = start("preview.yml", "pull_request", pull_request(), failing="cost")

    assert run.jobs["report/comment"].result == "success"


# end only-with-example-services
@pytest.mark.parametrize(
    ("event_name", "event", "inputs"),
    [
        ("pull_request", pull_request(), {}),
        ("delete", {"ref": "feature/menu", "ref_type": "branch"}, {}),
        ("workflow_dispatch", {}, {"branch": "feature/menu"}),
    ],
)
def test_a_preview_goes_with_its_pull_request_with_its_branch_and_by_hand(
    start: Start, tmp_path: Path, event_name: str, event: dict[str, Any], inputs: dict[str, Any]
) -> None:
    run = start("preview-cleanup.yml", event_name, event, inputs=inputs)
    preview = Run(tmp_path / "preview", "pull_request", pull_request()).start("preview.yml")

    assert ["npx", "stagectl", "down", "--stage", stage_of(preview)] in run.commands
    assert ["npx", "stagectl", "stage-name", "--", "feature/menu"] in run.commands
    assert run.jobs["remove"].group == preview.jobs["stage"].group == f"stage-{stage_of(preview)}"
    assert ("report/comment" in run.jobs) is (event_name == "pull_request")


def test_a_deleted_tag_takes_nothing_with_it(start: Start) -> None:
    assert start("preview-cleanup.yml", "delete", {"ref": "v1", "ref_type": "tag"}).jobs == {}


def test_a_failed_removal_is_reported(start: Start) -> None:
    run = start("preview-cleanup.yml", "pull_request", pull_request(), failing="down")

    assert run.jobs["remove"].result == "failure"
    assert "report" in run.commands[-1]


def test_a_closed_pull_request_ends_the_checks_that_a_deployment_waits_for(
    start: Start, tmp_path: Path
) -> None:
    run = start("preview-cleanup.yml", "pull_request", pull_request())
    preview = Run(tmp_path / "preview", "pull_request", pull_request()).start("preview.yml")

    assert run.jobs["stop-checks"].cancels
    assert run.jobs["stop-checks"].group == preview.jobs["checks/test"].group == "checks-5"


def test_two_pushes_share_a_group_in_which_no_deployment_is_cancelled(start: Start, tmp_path: Path) -> None:
    first = Run(tmp_path / "first", "pull_request", pull_request()).start("preview.yml")
    second = Run(tmp_path / "second", "pull_request", pull_request()).start("preview.yml")

    assert first.jobs["stage"].group == second.jobs["stage"].group == f"stage-{stage_of(first)}"
    assert not first.jobs["stage"].cancels
    # The checks of the older push are worthless, and a deployment that waits for them does not begin.
    assert first.jobs["checks/test"].group == second.jobs["checks/test"].group
    assert first.jobs["checks/test"].cancels


@pytest.mark.parametrize("ended", ["checks", "stage"])
def test_a_push_that_a_newer_one_replaces_does_nothing_more(start: Start, ended: str) -> None:
    run = start("preview.yml", "pull_request", pull_request(), ended={ended: "cancelled"})

    assert not any("up" in command or "report" in command for command in run.commands)


def test_a_preview_goes_also_when_the_stopping_of_its_checks_was_replaced(start: Start) -> None:
    run = start("preview-cleanup.yml", "pull_request", pull_request(), ended={"stop-checks": "cancelled"})

    assert run.jobs["remove"].result == "success"


@pytest.mark.parametrize("merged", [True, False])
def test_a_preview_goes_whether_or_not_its_pull_request_was_merged(start: Start, merged: bool) -> None:
    event = pull_request()
    event["pull_request"]["merged"] = merged
    event["action"] = "closed"

    assert any("down" in command for command in start("preview-cleanup.yml", "pull_request", event).commands)


def test_a_preview_follows_every_push_and_goes_at_the_end() -> None:
    assert triggers(load("preview.yml"))["pull_request"]["types"] == ["opened", "synchronize", "reopened"]
    ends = triggers(load("preview-cleanup.yml"))
    assert ends["pull_request"]["types"] == ["closed"]
    assert "branches" not in str(ends)


@pytest.fixture(scope="module")
def every_run(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """One run or more of each workflow that somebody or something starts."""
    folder = tmp_path_factory.mktemp("runs")
    started: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        ("preview.yml", "pull_request", pull_request(), {}),
        ("preview-cleanup.yml", "pull_request", pull_request(), {}),
        ("preview-cleanup.yml", "delete", {"ref": "feature/menu", "ref_type": "branch"}, {}),
        ("deploy.yml", "push", {}, {}),
        ("reap.yml", "schedule", {}, {}),
        *(
            ("deploy-service.yml", "workflow_dispatch", {}, {"service": "orders", "stage": stage})
            for stage in ("preview", "dev", "staging", "prod")
        ),
        ("preview.yml", "pull_request", pull_request(), {"scope": "changed"}),
        ("preview-branch.yml", "push", {}, {"patterns": "release/* demo"}),
        ("checks.yml", "merge_group", {}, {}),
        ("night.yml", "schedule", {}, {}),
        ("docs.yml", "push", {}, {}),
        ("release.yml", "push", {}, {}),
        ("matrix.yml", "schedule", {}, {}),
        ("reap.yml", "schedule", {}, {"patterns": "release/* demo"}),
    ]
    return [
        Run(
            folder / str(number),
            event_name,
            event,
            ref="refs/heads/demo" if name == "preview-branch.yml" else "refs/heads/main",
            inputs=inputs,
            variables={
                **VARIABLES,
                "PREVIEW_SCOPE": inputs.get("scope", ""),
                "PREVIEW_BRANCHES": inputs.get("patterns", ""),
            },
            play=github(),
        ).start(name)
        for number, (name, event_name, event, inputs) in enumerate(started)
    ]


def test_whoever_changes_a_stage_is_alone_in_its_group(every_run: list[Run]) -> None:
    changing = {"stagectl migrate", "stagectl up", "stagectl down", "stagectl reap"}
    seen = 0
    for run in every_run:
        for path, job in run.jobs.items():
            stages = {
                command[command.index("--stage") + 1]
                for command in job.commands
                if " ".join(command[1:3]) in changing and "--stage" in command
            }
            if stages:
                seen += 1
                above = [
                    run.jobs[other] for other in run.jobs if path == other or path.startswith(f"{other}/")
                ]
                assert {f"stage-{stage}" for stage in stages} <= {one.group for one in above}
                assert not any(one.cancels for one in above)
    assert seen > len(("preview", "cleanup", "dev", "staging", "prod"))


def test_stagectl_understands_every_command_that_a_step_gives_it(every_run: list[Run]) -> None:
    understood = typer.main.get_command(cli.app)
    assert isinstance(understood, TyperGroup)
    called = [tuple(command) for run in every_run for command in run.commands]

    for program, *arguments in set(called):
        if program == "npx":
            command = understood.commands[arguments[1]]
            with command.make_context(arguments[1], arguments[2:]):
                pass


def test_no_branch_name_becomes_a_command(start: Start, tmp_path: Path) -> None:
    for workflow in ("preview.yml", "preview-cleanup.yml"):
        run = Run(
            tmp_path / workflow,
            "pull_request",
            pull_request(HOSTILE),
            real={"npx stagectl stage-name": ()},
            play=github(branches=[HOSTILE]),
        )
        run.start(workflow)
        assert ["npx", "stagectl", "stage-name", "--", HOSTILE] in run.commands
        assert stage_of(run).startswith("preview-fix-touch-")
    assert list(tmp_path.glob("**/hacked")) == []


def test_main_goes_to_dev_to_staging_and_to_prod(start: Start) -> None:
    run = start("deploy.yml", "push")

    assert run.commands == [
        ["npm", "run", "test:all"],
        *(
            command
            for stage in ("dev", "staging")
            for command in (
                ["npx", "stagectl", "migrate", "--stage", stage],
                [
                    *("npx", "stagectl", "up", "--stage", stage),
                    *("--param", "deployer=main", "--forward-only", "--seed", "--timings"),
                ],
                ["npx", "stagectl", "urls", "--stage", stage, "--json"],
                ["npx", "stagectl", "artifacts", "--stage", stage, "--json"],
                ["npm", "test", "--", "--stage", stage],
            )
        ),
        ["npx", "stagectl", "changes", "c0ffee"],
        [
            *("npx", "stagectl", "artifacts", "--stage", "prod", "--param", "deployer=prod"),
            *("--expect", '{  "orders": "hash"}'),
        ],
        ["npx", "stagectl", "migrate", "--stage", "prod"],
        [
            *("npx", "stagectl", "up", "--stage", "prod", "--param", "deployer=prod"),
            *("--forward-only", "--no-seed", "--timings"),
        ],
        ["npx", "stagectl", "urls", "--stage", "prod", "--json"],
        ["npx", "stagectl", "artifacts", "--stage", "prod", "--json"],
        ["npx", "stagectl", "smoke", "--urls", '{  "restaurants": "https://r"}'],
    ]


def test_each_permanent_stage_has_its_environment_its_role_and_its_group(start: Start) -> None:
    run = start("deploy.yml", "push")

    assert {path: job.environment for path, job in run.jobs.items() if job.environment} == {
        "dev/deploy/deploy": "dev",
        "dev/test/test": "dev",
        "staging/deploy/deploy": "staging",
        "staging/test/test": "staging",
        "prod/deploy": "prod",
    }
    assert assumed(run)["staging/deploy/deploy"] == "arn:aws:iam::1:role/main"
    assert assumed(run)["staging/test/test"] == "arn:aws:iam::1:role/main-tester"
    assert assumed(run)["prod/deploy"] == "arn:aws:iam::2:role/prod"
    assert [run.jobs[stage].group for stage in ("dev", "staging", "prod")] == [
        "stage-dev",
        "stage-staging",
        "stage-prod",
    ]


def test_prod_is_checked_without_credentials_so_that_nobody_is_asked_twice(start: Start) -> None:
    checked = start("deploy.yml", "push").jobs["check-prod/check"]

    assert (checked.environment, dict(checked.permissions)) == ("", {"contents": "read"})


@pytest.mark.parametrize(("stage", "reached"), [("dev", ["dev"]), ("staging", ["dev", "staging"])])
def test_a_stage_that_fails_is_the_last(start: Start, stage: str, reached: list[str]) -> None:
    run = start("deploy.yml", "push", failing=stage)

    assert [command[4] for command in run.commands if "migrate" in command] == reached


def test_reaping_at_night_looks_again_at_each_stage_in_its_own_group(start: Start) -> None:
    run = start("reap.yml", "schedule")

    reap = ["npx", "stagectl", "reap", "--json", "--open-pull-requests", "-"]
    assert run.commands == [
        reap,
        [*reap, "--stage", "preview-old", "--yes"],
        [*reap, "--stage", "preview-lost", "--yes"],
    ]
    removals = {job.group for path, job in run.jobs.items() if path.startswith("remove") and job.group}
    assert removals == {"stage-preview-old", "stage-preview-lost"}
    assert '"reason": "expired"' in run.jobs["find/reap"].summary


@pytest.mark.parametrize(("remove", "calls"), [(False, 1), (True, 3)])
def test_reaping_by_hand_only_lists_unless_told(start: Start, remove: bool, calls: int) -> None:
    run = start("reap.yml", "workflow_dispatch", inputs={"remove": remove})

    assert len(run.commands) == calls


def test_all_open_pull_requests_are_listed_with_their_branches(tmp_path: Path) -> None:
    steps = load("reap-stages.yml")["jobs"]["reap"]["steps"]
    [script] = [step["with"]["script"] for step in steps if "script" in step.get("with", {})]
    of_forks = [open_one(6, "menu", "stranger/shop"), open_one(7, "menu", None)]

    listed = github_script.run(script, folder=tmp_path, open_pull_requests=[open_one(5, "menu"), *of_forks])
    assert listed.result == [
        {"number": 5, "headRefName": "menu", "isCrossRepository": False},
        {"number": 6, "headRefName": "menu", "isCrossRepository": True},
        {"number": 7, "headRefName": "menu", "isCrossRepository": True},
    ]


def test_nothing_is_reaped_while_github_does_not_list_the_pull_requests(start: Start) -> None:
    run = start("reap.yml", "schedule", play=github(failing="paginate"))

    assert run.commands == []
    assert run.jobs["find/reap"].result == "failure"


def test_reaping_knows_which_branches_have_a_stage_of_their_own(start: Start) -> None:
    run = start("reap.yml", "schedule", variables={**VARIABLES, "PREVIEW_BRANCHES": "release/* demo"})

    given = ["--preview-branches", "release/* demo"]
    assert all(command[6:8] == given for command in run.commands)
    assert len(run.commands) == len(("find", "preview-old", "preview-lost"))


def test_nothing_is_removed_when_nothing_was_found(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(commands.SAID, "reap", '{"stages": [], "unclear": []}')

    assert set(start("reap.yml", "schedule").jobs) == {"find", "find/reap"}


def test_a_reaping_that_fails_is_not_hidden_by_the_summary(start: Start) -> None:
    assert start("reap.yml", "schedule", failing="reap").jobs["find/reap"].result == "failure"


def test_git_asks_with_the_runs_token_and_keeps_it_in_no_file() -> None:
    [step] = [step for step in load("reap-stages.yml")["jobs"]["reap"]["steps"] if step.get("name") == "Reap"]
    settings = {key: str(value) for key, value in step["env"].items() if key.startswith("GIT_CONFIG")}

    filled = subprocess.run(
        ["git", "credential", "fill"],
        input="protocol=https\nhost=github.com\n\n",
        env={"PATH": os.environ["PATH"], **settings, "GITHUB_TOKEN": "a-token", "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "password=a-token" in filled.stdout.splitlines()


def test_what_is_newer_than_a_permanent_stage_is_told_from_the_history(start: Start) -> None:
    run = start("deploy.yml", "push")

    for path in ("dev/deploy/deploy", "staging/deploy/deploy", "prod/deploy"):
        [checkout] = run.jobs[path].action("actions/checkout")
        assert checkout["fetch-depth"] == "0"


def test_a_partial_preview_is_deployed_where_the_repository_wants_one(start: Start) -> None:
    scope = {**VARIABLES, "PREVIEW_SCOPE": "changed"}
    run = start("preview.yml", "pull_request", pull_request(), variables=scope)

    stage = stage_of(run)
    compared = ["--changed-since", "origin/main", "--base", "dev"]
    [up] = [command for command in run.commands if "up" in command]
    assert up[3:] == ["--stage", stage, "--param", "deployer=preview", *compared, "--seed", "--timings"]
    assert run.commands[-1][-4:] == compared
    [checkout] = run.jobs["stage/deploy/deploy"].action("actions/checkout")
    assert checkout["fetch-depth"] == "0"


def deploy_service(start: Start, stage: str, ref: str = "refs/heads/main", **options: Any) -> Run:
    inputs = {"service": "orders", "stage": stage}
    return start("deploy-service.yml", "workflow_dispatch", ref=ref, inputs=inputs, **options)


@pytest.mark.parametrize(
    ("stage", "deployer", "account"), [("dev", "main", 1), ("staging", "main", 1), ("prod", "prod", 2)]
)
def test_one_service_goes_to_a_permanent_stage_under_its_role(
    start: Start, stage: str, deployer: str, account: int
) -> None:
    run = deploy_service(start, stage)

    up = ["npx", "stagectl", "up", "--stage", stage, "--param", f"deployer={deployer}", "--service", "orders"]
    assert run.commands[1] == [*up, "--forward-only", "--no-seed", "--timings"]
    assert run.jobs["deploy/deploy"].environment == stage
    assert assumed(run) == {"deploy/deploy": f"arn:aws:iam::{account}:role/{deployer}"}
    assert run.jobs["deploy"].group == f"stage-{stage}"


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_no_other_branch_than_main_goes_to_a_permanent_stage(start: Start, stage: str) -> None:
    assert deploy_service(start, stage, "refs/heads/feature/menu").jobs == {}


def test_one_service_goes_to_the_preview_of_the_chosen_branch(start: Start) -> None:
    run = deploy_service(start, "preview", "refs/heads/feature/menu")

    assert ["npx", "stagectl", "stage-name", "--", "feature/menu"] in run.commands
    assert run.jobs["deploy"].group == f"stage-{stage_of(run)}"
    assert assumed(run) == {"deploy/deploy": "arn:aws:iam::1:role/preview"}
    assert run.jobs["deploy/deploy"].environment == ""


def test_the_runs_above_leave_no_step_out(every_run: list[Run]) -> None:
    ran = {script for run in every_run for script in run.scripts}
    written = {
        step["run"]
        for path in WORKFLOWS.glob("*.yml")
        for job in load(path.name)["jobs"].values()
        for step in job.get("steps", [])
        if "run" in step
    }

    assert written - ran == set()


NEEDED = [
    pytest.param(open_one(6), {"feature/menu"}, id="another pull request"),
    pytest.param(open_one(5), {"feature/menu"}, id="reopened meanwhile"),
    pytest.param(open_one(6), set(), id="another one although the branch is not seen"),
]


@pytest.mark.parametrize(("still_open", "branches"), NEEDED)
@pytest.mark.parametrize(
    ("event_name", "event"),
    [("pull_request", pull_request()), ("delete", {"ref": "feature/menu", "ref_type": "branch"})],
)
def test_a_preview_stays_until_the_last_pull_request_of_its_branch_is_closed(
    start: Start, event_name: str, event: dict[str, Any], still_open: dict[str, Any], branches: set[str]
) -> None:
    run = start("preview-cleanup.yml", event_name, event, play=github(still_open, branches=branches))

    assert run.commands == []


@pytest.mark.parametrize(
    "other",
    [
        open_one(6, "feature/other"),
        open_one(6, repository="stranger/shop"),
        open_one(6, repository=None),
    ],
    ids=["another branch's", "a fork's", "a fork's that is gone"],
)
def test_other_branches_pull_requests_keep_no_preview(start: Start, other: dict[str, Any]) -> None:
    run = start("preview-cleanup.yml", "pull_request", pull_request(), play=github(other))

    assert any("down" in command for command in run.commands)


@pytest.mark.parametrize("failing", ["paginate", "getBranch"])
def test_a_preview_stays_while_github_does_not_say_who_needs_it(start: Start, failing: str) -> None:
    run = start("preview-cleanup.yml", "pull_request", pull_request(), play=github(failing=failing))

    assert run.commands == []
    assert run.jobs["branch/look"].result == "failure"


def test_a_preview_goes_by_hand_whoever_needs_it(start: Start) -> None:
    inputs = {"branch": "feature/menu"}
    run = start("preview-cleanup.yml", "workflow_dispatch", inputs=inputs, play=github(open_one(6)))

    assert any("down" in command for command in run.commands)


def test_a_branch_of_the_merge_queue_that_goes_takes_nothing_with_it(start: Start) -> None:
    event = {"ref": "gh-readonly-queue/main/pr-5-abc", "ref_type": "branch"}

    assert start("preview-cleanup.yml", "delete", event).jobs == {}


OWN_STAGES = {**VARIABLES, "PREVIEW_BRANCHES": "release/* demo"}
NAMED = {"npx stagectl stage-name": ()}


def push(start: Start, branch: str, **options: Any) -> Run:
    given = {"variables": OWN_STAGES, "real": NAMED, "ref": f"refs/heads/{branch}", **options}
    event = {"repository": {"default_branch": "trunk"}, **given.pop("event", {})}
    return start("preview-branch.yml", "push", event, **given)


def deployed(run: Run) -> list[str]:
    return [command[4] for command in run.commands if "up" in command]


@pytest.mark.parametrize(("branch", "stage"), [("demo", "preview-demo"), ("release/2", "preview-release-2")])
def test_a_branch_that_a_pattern_fits_is_checked_deployed_and_tested(
    start: Start, branch: str, stage: str
) -> None:
    run = push(start, branch)

    [name] = deployed(run)
    assert name.startswith(stage)
    assert [command[1:3] for command in run.commands if command[0] == "npm"] == [
        ["run", "test:all"],
        ["test", "--"],
    ]
    assert run.jobs["stage"].group == f"stage-{name}"
    assert run.jobs["checks/test"].group == f"checks-refs/heads/{branch}"
    assert assumed(run) == {
        "stage/deploy/deploy": "arn:aws:iam::1:role/preview",
        "stage/test/test": "arn:aws:iam::1:role/preview-tester",
    }


def test_a_branch_has_one_stage_with_a_pull_request_and_without(start: Start) -> None:
    with_one = start("preview.yml", "pull_request", pull_request("demo"), real=NAMED)

    assert deployed(with_one) == deployed(push(start, "demo"))


@pytest.mark.parametrize("branch", ["feature/menu", "release", "release/2/fix", "my-demo", "demo2"])
def test_a_branch_that_no_pattern_fits_gets_nothing(start: Start, branch: str) -> None:
    run = push(start, branch)

    assert set(run.jobs) == {"branch", "branch/look", "name", "name/name"}
    assert assumed(run) == {}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"variables": VARIABLES}, id="no patterns"),
        pytest.param({"variables": {"PREVIEW_BRANCHES": "**"}}, id="no account, such as in a fork"),
        pytest.param({"event": {"deleted": True}}, id="deleted"),
    ],
)
def test_a_push_starts_nothing(start: Start, options: dict[str, Any]) -> None:
    assert push(start, "demo", **options).jobs == {}


def test_the_main_branch_has_no_preview(start: Start) -> None:
    everything = {**VARIABLES, "PREVIEW_BRANCHES": "**"}

    assert push(start, "trunk", variables=everything).jobs == {}
    assert deployed(push(start, "main", variables=everything)) == ["preview-main"]


def test_a_branch_with_an_open_pull_request_is_deployed_by_that_alone(start: Start) -> None:
    assert push(start, "demo", play=github(open_one(5, "demo"))).commands == []


def test_a_forks_pull_request_from_a_branch_of_that_name_changes_nothing(start: Start) -> None:
    assert deployed(push(start, "demo", play=github(open_one(5, "demo", "stranger/shop"))))


def test_a_push_is_not_deployed_while_github_does_not_say_whether_it_has_a_pull_request(start: Start) -> None:
    assert push(start, "demo", play=github(failing="paginate")).commands == []


def test_a_push_whose_checks_fail_is_not_deployed(start: Start) -> None:
    assert deployed(push(start, "demo", failing="test:all")) == []


def test_a_branch_with_a_stage_of_its_own_keeps_it_when_its_pull_request_is_closed(start: Start) -> None:
    def closed(branch: str, *branches: str) -> list[str]:
        event = pull_request(branch)
        options = {"variables": OWN_STAGES, "real": NAMED, "play": github(branches=branches)}
        run = start("preview-cleanup.yml", "pull_request", event, **options)
        return [command[4] for command in run.commands if "down" in command]

    assert closed("demo", "demo") == []
    assert closed("demo") == ["preview-demo"]
    assert closed("menu", "menu") == ["preview-menu"]


def test_a_branch_with_a_stage_of_its_own_takes_it_with_it(start: Start) -> None:
    event = {"ref": "demo", "ref_type": "branch"}
    run = start("preview-cleanup.yml", "delete", event, variables=OWN_STAGES, real=NAMED)

    assert ["npx", "stagectl", "down", "--stage", "preview-demo"] in run.commands


def test_a_branch_that_was_renamed_is_not_there_any_more(tmp_path: Path) -> None:
    [step] = load("look-at-branch.yml")["jobs"]["look"]["steps"]
    renamed = {"feature/menu": "feature/card"}

    looked = github_script.run(
        step["with"]["script"], folder=tmp_path, branches=renamed, variables={"BRANCH": "feature/menu"}
    )
    assert looked.result == {"open": [], "exists": False}


def deployed_to_prod(folder: Path, *deployments: dict[str, Any]) -> Any:
    [step] = [
        step for step in load("show-changes.yml")["jobs"]["show"]["steps"] if "script" in step.get("with", {})
    ]
    return github_script.run(
        step["with"]["script"], folder=folder, deployments=deployments, variables={"ENVIRONMENT": "prod"}
    ).result


def test_who_approves_prod_sees_what_changed_since_its_last_deployment_that_succeeded(tmp_path: Path) -> None:
    failed = DEPLOYED | {"id": 3, "sha": "failed", "states": ["failure"]}
    elsewhere = DEPLOYED | {"id": 2, "sha": "dev", "environment": "dev"}

    assert deployed_to_prod(tmp_path, failed, elsewhere, DEPLOYED) == "c0ffee"
    assert deployed_to_prod(tmp_path, failed) == ""


def test_changes_are_shown_before_approval_without_credentials(start: Start) -> None:
    shown = start("deploy.yml", "push").jobs["show-changes/show"]

    assert (shown.environment, dict(shown.permissions)) == ("", {"contents": "read", "deployments": "read"})
    assert shown.action("aws-actions/configure-aws-credentials") == []


def test_a_merge_queue_runs_the_required_check_under_its_name_on_a_pull_request(start: Start) -> None:
    run = start("checks.yml", "merge_group", ref="refs/heads/gh-readonly-queue/main/pr-5-abc")
    name = load("checks.yml")["jobs"]["test"]["name"]

    def named(event_name: str) -> str:
        return str(fill(name, {"github": {"event_name": event_name}}))

    assert run.commands == [["npm", "run", "test:all"]]
    assert run.jobs["test"].group == "checks-refs/heads/gh-readonly-queue/main/pr-5-abc"
    # GitHub puts the calling job's name before that of the called one.
    assert load("preview.yml")["jobs"]["checks"]["uses"].endswith("/checks.yml")
    assert named("merge_group") == f"checks / {named('pull_request')}"
    assert [one for one in WORKFLOWS.glob("*.yml") if "merge_group" in triggers(load(one.name))] == [
        WORKFLOWS / "checks.yml"
    ]


def test_no_push_of_a_merge_queue_is_taken_for_a_branch() -> None:
    assert triggers(load("preview-branch.yml"))["push"]["branches"] == ["**", "!gh-readonly-queue/**"]


@pytest.mark.parametrize("default", ["main", "trunk"])
def test_what_changed_is_told_from_the_main_branch_whatever_it_is_called(start: Start, default: str) -> None:
    changed = {**OWN_STAGES, "PREVIEW_SCOPE": "changed"}
    repository = {"repository": {"default_branch": default}}
    runs = [
        start("preview.yml", "pull_request", {**pull_request(), **repository}, variables=changed),
        push(start, "demo", variables=changed, event=repository),
    ]
    for run in runs:
        compared = [
            command[command.index("--changed-since") + 1]
            for command in run.commands
            if {"up", "report"} & set(command)
        ]
        assert set(compared) == {f"origin/{default}"}


def comment(
    folder: Path, comments: list[dict[str, Any]], report: str = "<!-- marker -->\nbody\n"
) -> list[Any]:
    """Run the script that comments, in a folder that has a report; gives what it asked GitHub for."""
    (folder / "comment.md").write_text(report)
    [step] = [
        step for step in load("report-stage.yml")["jobs"]["comment"]["steps"] if "script" in step["with"]
    ]
    return github_script.run(step["with"]["script"], folder=folder, number=5, comments=comments).calls


OURS = {"type": "Bot", "login": "github-actions[bot]"}


def test_the_first_report_becomes_a_comment(tmp_path: Path) -> None:
    [[call, given]] = comment(tmp_path, [{"id": 1, "user": OURS, "body": "another workflow"}])

    assert (call, given["issue_number"], given["body"]) == ("create", 5, "<!-- marker -->\nbody\n")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_later_report_replaces_it_and_nobody_elses(tmp_path: Path, ending: str) -> None:
    marked = f"<!-- marker -->{ending}old"
    [[call, given]] = comment(
        tmp_path,
        [
            {"id": 1, "user": {"type": "User", "login": "someone"}, "body": marked},
            {"id": 2, "user": {"type": "Bot", "login": "another[bot]"}, "body": marked},
            {"id": 3, "user": {"type": "User", "login": "github-actions[bot]"}, "body": marked},
            {"id": 4, "user": None, "body": marked},
            {"id": 5, "user": OURS, "body": None},
            {"id": 6, "user": OURS, "body": f"<!-- marker --><!-- of another workflow -->{ending}old"},
            {"id": 7, "user": OURS, "body": f"> <!-- marker -->{ending}quoted"},
            {"id": 8, "user": OURS, "body": marked},
        ],
    )

    assert (call, given["comment_id"]) == ("update", 8)


@pytest.mark.parametrize("report", ["", "\n", "Nothing\n", "<!---->\n"])
def test_a_report_without_its_marker_replaces_nothing(tmp_path: Path, report: str) -> None:
    assert comment(tmp_path, [{"id": 1, "user": OURS, "body": "\nanother workflow's"}], report) == []
