"""Runs a workflow as GitHub would."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workflow_runs import github_script
from workflow_runs.commands import StandIns
from workflow_runs.documents import ROOT, flat, load, needs, triggers, with_defaults
from workflow_runs.expressions import Contexts, as_text, evaluate, fill

REPOSITORY = f"{github_script.OWNER}/{github_script.NAME}"
RUN_ID = 7
VARIABLES = {
    "AWS_REGION": "us-east-1",
    "AWS_PREVIEW_ROLE_ARN": "arn:aws:iam::1:role/preview",
    "AWS_PREVIEW_TESTER_ROLE_ARN": "arn:aws:iam::1:role/preview-tester",
    "AWS_MAIN_ROLE_ARN": "arn:aws:iam::1:role/main",
    "AWS_MAIN_TESTER_ROLE_ARN": "arn:aws:iam::1:role/main-tester",
    "AWS_PROD_ROLE_ARN": "arn:aws:iam::2:role/prod",
    "PUBLISH_DOCS": "yes",
}
_STATUSES = ("success(", "failure(", "cancelled(", "always(")
_SETUP = ["npm", "run", "setup"]
_KEPT = ("HOME", "LANG", "LC_ALL", "PLAYWRIGHT_BROWSERS_PATH", "BROWSER_PATH", "NODE_EXTRA_CA_CERTS")
# How this machine reaches package registries and where it keeps what it got from them.
_KEPT_FAMILIES = ("UV_", "NPM_CONFIG_", "npm_config_", "PIP_", "SSL_", "XDG_")
_NOT_CHECKED_OUT = (".git", "test-results")


@dataclass
class Job:
    """A job that ran, or waited for a workflow that it called; `variables` are those of its last step."""

    path: str
    result: str = "success"
    group: str | None = None
    cancels: bool = False
    permissions: Mapping[str, str] = field(default_factory=dict)
    environment: str = ""
    actions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    variables: Mapping[str, str] = field(default_factory=dict)
    workspace: Path = Path()
    commands: list[list[str]] = field(default_factory=list)
    output: str = ""
    summary: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)

    def action(self, name: str) -> list[dict[str, Any]]:
        """Return what an action was given, each time that it was used."""
        return [given for used, given in self.actions if used.startswith(f"{name}@")]


@dataclass(frozen=True)
class Effect:
    """What an action leaves to the steps after it: environment variables and outputs, or a failed job."""

    environment: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    failed: bool = False


@dataclass
class Run:
    """One run of a workflow for an event.

    Attributes:
        folder: Where it may leave files.
        event_name: Name of the event.
        event: The event's payload.
        ref: GITHUB_REF.
        inputs: Inputs of a run that was started by hand.
        failing: A word; commands that have it among their arguments fail.
        real: Beginnings of the commands that run for real, with further arguments for them.
        play: Plays the actions of others.
        ended: Results of the jobs that GitHub itself ended, by path: `cancelled` for one that a newer
            replaced.
        variables: The repository's variables.
        environment: Further environment of the steps.
        jobs: What ran, by path such as `stage/deploy/deploy`.
        scripts: The scripts of the steps that ran.
    """

    folder: Path
    event_name: str
    event: dict[str, Any]
    ref: str = "refs/heads/main"
    inputs: dict[str, Any] = field(default_factory=dict)
    failing: str = ""
    real: Mapping[str, Sequence[str]] = field(default_factory=dict)
    play: "Play" = lambda *_: Effect()
    ended: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=lambda: dict(VARIABLES))
    environment: Mapping[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    scripts: set[str] = field(default_factory=set)

    def start(self, name: str) -> "Run":
        """Run a workflow to its end."""
        assert self.event_name in triggers(load(name))
        self._stand_ins = StandIns(self.folder, failing=self.failing, real=self.real)
        (self.folder / "event.json").write_text(json.dumps(self.event))
        self._workflow(name, "", self.inputs)
        return self

    @property
    def commands(self) -> list[list[str]]:
        """What the steps called, in order, without the setting-up."""
        return [command for command in self._stand_ins.called() if command != _SETUP]

    @property
    def github(self) -> dict[str, Any]:
        """The context that is called github."""
        return {
            "event_name": self.event_name,
            "event": self.event,
            "ref": self.ref,
            "ref_name": self.ref.removeprefix("refs/heads/"),
            "repository": REPOSITORY,
            "server_url": "https://github.com",
            "run_id": RUN_ID,
            "token": "a-token",
        }

    def _workflow(self, name: str, path: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        workflow = load(name)
        contexts = {"github": self.github, "inputs": inputs, "vars": self.variables}
        done: dict[str, Job] = {}
        waiting = dict(workflow["jobs"])
        while waiting:
            key = next(key for key, job in waiting.items() if not set(needs(job)) & waiting.keys())
            job = waiting.pop(key)
            needed = {need: done[need] for need in needs(job)}
            done[key] = self._matrix(workflow, job, path + key, contexts, needed)
        declared = (triggers(workflow).get("workflow_call") or {}).get("outputs", {})
        known = {"jobs": {key: {"outputs": job.outputs, "result": job.result} for key, job in done.items()}}
        self._ended = _worst(done.values())
        return {output: fill(entry["value"], known) for output, entry in declared.items()}

    def _matrix(
        self,
        workflow: dict[Any, Any],
        job: dict[str, Any],
        path: str,
        outer: Contexts,
        needed: dict[str, Job],
    ) -> Job:
        """Run a job, or each of those that its matrix makes of it, which must be one of `include` alone."""
        matrix = job.get("strategy", {}).get("matrix")
        if not matrix:
            return self._job(workflow, job, path, outer, needed)
        condition = self._conditions(outer, needed)
        if not _applies(job.get("if"), condition):
            return Job(path, result="skipped")
        found = fill(matrix["include"], condition)
        assert found, "GitHub refuses a matrix of nothing"
        several = [
            self._job(workflow, job, f"{path} ({', '.join(one.values())})", {**outer, "matrix": one}, needed)
            for one in found
        ]
        return Job(path, result=_worst(several))

    def _conditions(self, outer: Contexts, needed: dict[str, Job]) -> Contexts:
        known = {key: {"result": one.result, "outputs": one.outputs} for key, one in needed.items()}
        succeeded = all(one.result == "success" for one in needed.values())
        failed = any(one.result == "failure" for one in needed.values())
        return {**outer, "needs": known, **_statuses(succeeded=succeeded, failed=failed)}

    def _job(
        self,
        workflow: dict[Any, Any],
        job: dict[str, Any],
        path: str,
        outer: Contexts,
        needed: dict[str, Job],
    ) -> Job:
        contexts = self._conditions(outer, needed)
        run = Job(path)
        if not _applies(job.get("if"), contexts):
            run.result = "skipped"
            return run
        self.jobs[path] = run
        concurrency = job.get("concurrency") or {}
        run.group = fill(concurrency.get("group"), contexts)
        run.cancels = concurrency.get("cancel-in-progress", False)
        run.permissions = job.get("permissions", workflow["permissions"])
        run.environment = as_text(fill(job.get("environment", ""), contexts))
        if path in self.ended:
            run.result = self.ended[path]
        elif "uses" in job:
            given = {key: fill(value, contexts) for key, value in job.get("with", {}).items()}
            name = Path(job["uses"]).name
            run.outputs = self._workflow(name, f"{path}/", with_defaults(name, given))
            run.result = self._ended
        else:
            self._steps(workflow, job, run, contexts)
        return run

    def _steps(self, workflow: dict[Any, Any], job: dict[str, Any], run: Job, outer: Contexts) -> None:
        folder = self.folder / "jobs" / re.sub(r"[^\w.-]+", "-", run.path)
        run.workspace = folder / "workspace"
        run.workspace.mkdir(parents=True)
        (folder / "summary").touch()
        steps: dict[str, Any] = {}
        shell = workflow.get("defaults", {}).get("run", {}).get("shell", "")
        set_before: dict[str, str] = {}
        for step in flat(job["steps"]):
            ok = run.result == "success"
            contexts = {
                **outer,
                "steps": steps,
                "runner": {"os": "Linux", "arch": "X64"},
                **_statuses(succeeded=ok, failed=not ok),
            }
            if not _applies(step.get("if"), contexts):
                continue
            declared = {**job.get("env", {}), **step.get("env", {})}
            environment = {key: as_text(fill(value, contexts)) for key, value in declared.items()}
            if "uses" in step:
                run.variables = environment
                given = {key: fill(value, contexts) for key, value in step.get("with", {}).items()}
                run.actions.append((step["uses"], given))
                name = step["uses"].partition("@")[0]
                if name == "actions/checkout":
                    _check_out(run.workspace)
                effect = self.play(name, given, run, self)
                if effect.failed:
                    run.result = "failure"
                set_before.update(effect.environment)
                steps[step.get("id", "")] = {"outputs": effect.outputs}
                continue
            self.scripts.add(step["run"])
            before = len(self._stand_ins.called())
            said = self._shell(step["run"], step.get("shell", shell), {**set_before, **environment}, folder)
            run.commands += self._stand_ins.called()[before:]
            run.output += said.stdout + said.stderr
            steps[step.get("id", "")] = {"outputs": _assignments(folder / "output")}
            set_before.update(_assignments(folder / "env"))
            if said.returncode and not step.get("continue-on-error"):
                run.result = "failure"
        run.summary = (folder / "summary").read_text()
        run.outputs = {key: fill(value, {"steps": steps}) for key, value in job.get("outputs", {}).items()}

    def _shell(
        self, script: str, shell: str, environment: Mapping[str, str], folder: Path
    ) -> subprocess.CompletedProcess[str]:
        assert "${{" not in script, "what GitHub fills into a script becomes part of it: hand it over in env"
        for name in ("output", "env"):
            (folder / name).write_text("")
        head_ref = self.event.get("pull_request", {}).get("head", {}).get("ref", "")
        pipefail = ["-o", "pipefail"] if shell == "bash" else []
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", *pipefail, "-c", script],
            cwd=folder / "workspace",
            env={
                **{
                    name: value
                    for name, value in os.environ.items()
                    if name in _KEPT or name.startswith(_KEPT_FAMILIES)
                },
                **self._stand_ins.environment,
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTOR": "somebody",
                "GITHUB_REF": self.ref,
                "GITHUB_REF_NAME": self.github["ref_name"],
                "GITHUB_HEAD_REF": head_ref,
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_EVENT_NAME": self.event_name,
                "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
                "GITHUB_ENV": str(folder / "env"),
                "GITHUB_OUTPUT": str(folder / "output"),
                "GITHUB_STEP_SUMMARY": str(folder / "summary"),
                **self.environment,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )


Play = Callable[[str, Mapping[str, Any], Job, Run], Effect]
"""Does what an action does: given its name, its inputs, the job, and the run."""


def _worst(jobs: Iterable[Job]) -> str:
    results = {job.result for job in jobs}
    return next((bad for bad in ("failure", "cancelled") if bad in results), "success")


def _check_out(workspace: Path) -> None:
    """Put this checkout's own files where a job works, so that what it writes there stays its own."""
    for entry in ROOT.iterdir():
        if entry.name not in _NOT_CHECKED_OUT:
            (workspace / entry.name).symlink_to(entry)


def _assignments(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def _applies(condition: Any, contexts: Contexts) -> bool:
    """Return whether a condition holds; without a status function it also requires success so far."""
    text = str(condition if condition is not None else "success()")
    if not any(status in text for status in _STATUSES):
        return bool(evaluate("success()", contexts)) and bool(evaluate(text, contexts))
    return bool(evaluate(text, contexts))


def _statuses(*, succeeded: bool, failed: bool) -> dict[str, Any]:
    return {
        "success()": lambda: succeeded,
        "failure()": lambda: failed,
        "cancelled()": lambda: False,
        "always()": lambda: True,
    }
