"""Runs workflows as GitHub would, except for other people's actions: those are only noted."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .expressions import Contexts, as_text, evaluate, fill

ROOT = Path(__file__).resolve().parents[4]
WORKFLOWS = ROOT / ".github" / "workflows"
REPOSITORY = "acme/big-mouth"
STATUSES = ("success(", "failure(", "cancelled(", "always(")
VARIABLES = {
    "AWS_PREVIEW_ROLE_ARN": "arn:aws:iam::1:role/preview",
    "AWS_MAIN_ROLE_ARN": "arn:aws:iam::1:role/main",
    "AWS_PROD_ROLE_ARN": "arn:aws:iam::2:role/prod",
}
_STAND_IN = f"""#!{sys.executable} -IS
import json, os, sys
called = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
with open(os.environ["JOURNAL"], "a") as journal:
    journal.write(json.dumps(called) + "\\n")
if called[:2] == ["npx", "stagectl"]:
    if called[2] in os.environ["REAL_COMMANDS"].split():
        os.execv(os.environ["STAGECTL"], ["stagectl", *called[2:]])
    print(json.loads(os.environ["SAID"]).get(called[2], "done"))
sys.exit(3 if os.environ["FAILING"] and os.environ["FAILING"] in called else 0)
"""
_SAID = {
    "stage-name": "preview-of-branch",
    "urls": '{\n  "restaurants": "https://r"\n}',
    "report": "<!-- marker -->\nbody",
    "cost": "{}",
}


def load(name: str) -> dict[Any, Any]:
    """Read a workflow."""
    document: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return document


def triggers(workflow: Mapping[Any, Any]) -> dict[str, Any]:
    """Give what stands under `on`, which YAML takes for true."""
    declared = workflow[True]
    return declared if isinstance(declared, dict) else {declared: None}


@dataclass
class Job:
    """A job that ran, or waited for a workflow that it called."""

    path: str
    result: str = "success"
    group: str | None = None
    cancels: bool = False
    permissions: Mapping[str, str] = field(default_factory=dict)
    environment: str = ""
    actions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    summary: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)

    def action(self, name: str) -> list[dict[str, Any]]:
        """Give what an action was given, each time that it was used."""
        return [given for used, given in self.actions if used.startswith(f"{name}@")]


@dataclass
class Run:
    """One run of a workflow for an event.

    Attributes:
        folder: Where it may leave files.
        event_name: Name of the event.
        event: The event's payload.
        ref: GITHUB_REF.
        inputs: What somebody chose when starting it by hand.
        failing: A word; commands that have it among their arguments fail.
        real: Commands of stagectl that run for real.
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
    real: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=lambda: dict(VARIABLES))
    environment: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    scripts: set[str] = field(default_factory=set)

    def start(self, name: str) -> "Run":
        """Run a workflow to its end."""
        assert self.event_name in triggers(load(name))
        programs = self.folder / "programs"
        programs.mkdir(parents=True)
        for program in ("npm", "npx"):
            (programs / program).write_text(_STAND_IN)
            (programs / program).chmod(0o755)
        (self.folder / "event.json").write_text(json.dumps(self.event))
        (self.folder / "journal").touch()
        self._workflow(name, "", self.inputs)
        return self

    @property
    def commands(self) -> list[list[str]]:
        """What the steps called, in order, without the setting-up."""
        called = map(json.loads, (self.folder / "journal").read_text().splitlines())
        return [command for command in called if command != ["npm", "run", "setup"]]

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
            "run_id": 7,
            "token": "a-token",
        }

    def _workflow(self, name: str, path: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        workflow = load(name)
        contexts = {"github": self.github, "inputs": inputs, "vars": self.variables}
        done: dict[str, Job] = {}
        waiting = dict(workflow["jobs"])
        while waiting:
            key = next(key for key, job in waiting.items() if not set(_needs(job)) & waiting.keys())
            job = waiting.pop(key)
            done[key] = self._job(
                workflow, job, path + key, contexts, {need: done[need] for need in _needs(job)}
            )
        declared = (triggers(workflow).get("workflow_call") or {}).get("outputs", {})
        known = {"jobs": {key: {"outputs": job.outputs, "result": job.result} for key, job in done.items()}}
        self._worst = "failure" if any(job.result == "failure" for job in done.values()) else "success"
        return {output: fill(entry["value"], known) for output, entry in declared.items()}

    def _job(
        self,
        workflow: dict[Any, Any],
        job: dict[str, Any],
        path: str,
        outer: Contexts,
        needed: dict[str, Job],
    ) -> Job:
        needs = {key: {"result": one.result, "outputs": one.outputs} for key, one in needed.items()}
        succeeded = all(one.result == "success" for one in needed.values())
        failed = any(one.result == "failure" for one in needed.values())
        contexts = {**outer, "needs": needs, **_statuses(succeeded=succeeded, failed=failed)}
        run = Job(path)
        if not _applies(job.get("if"), contexts):
            run.result = "skipped"
            return run
        self.jobs[path] = run
        concurrency = job.get("concurrency") or {}
        run.group, run.cancels = (
            fill(concurrency.get("group"), contexts),
            concurrency.get("cancel-in-progress", False),
        )
        run.permissions = job.get("permissions", workflow["permissions"])
        run.environment = as_text(fill(job.get("environment", ""), contexts))
        if "uses" in job:
            given = {key: fill(value, contexts) for key, value in job.get("with", {}).items()}
            name = Path(job["uses"]).name
            run.outputs = self._workflow(name, f"{path}/", _with_defaults(name, given))
            run.result = self._worst
        else:
            self._steps(workflow, job, run, contexts)
        return run

    def _steps(self, workflow: dict[Any, Any], job: dict[str, Any], run: Job, outer: Contexts) -> None:
        folder = self.folder / "jobs" / run.path.replace("/", "-")
        (folder / "workspace").mkdir(parents=True)
        steps: dict[str, Any] = {}
        shell = workflow.get("defaults", {}).get("run", {}).get("shell", "")
        for step in _flat(job["steps"]):
            ok = run.result == "success"
            contexts = {
                **outer,
                "steps": steps,
                "runner": {"os": "Linux", "arch": "X64"},
                **_statuses(succeeded=ok, failed=not ok),
            }
            if not _applies(step.get("if"), contexts):
                continue
            if "uses" in step:
                given = {key: fill(value, contexts) for key, value in step.get("with", {}).items()}
                run.actions.append((step["uses"], given))
                continue
            environment = {
                key: as_text(fill(value, contexts))
                for key, value in {**job.get("env", {}), **step.get("env", {})}.items()
            }
            self.scripts.add(step["run"])
            code, outputs = self._shell(step["run"], step.get("shell", shell), environment, folder)
            steps[step.get("id", "")] = {"outputs": outputs}
            if code and not step.get("continue-on-error"):
                run.result = "failure"
        run.summary = (folder / "summary").read_text() if (folder / "summary").exists() else ""
        run.outputs = {key: fill(value, {"steps": steps}) for key, value in job.get("outputs", {}).items()}

    def _shell(
        self, script: str, shell: str, environment: dict[str, str], folder: Path
    ) -> tuple[int, dict[str, str]]:
        assert "${{" not in script, "what GitHub fills into a script becomes part of it: hand it over in env"
        for name in ("output", "summary"):
            (folder / name).touch()
        (folder / "output").write_text("")
        head_ref = self.event.get("pull_request", {}).get("head", {}).get("ref", "")
        completed = subprocess.run(
            [
                "bash",
                "--noprofile",
                "--norc",
                "-e",
                *(["-o", "pipefail"] if shell == "bash" else []),
                "-c",
                script,
            ],
            cwd=folder / "workspace",
            env={
                "PATH": f"{self.folder / 'programs'}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(self.folder),
                "JOURNAL": str(self.folder / "journal"),
                "FAILING": self.failing,
                "SAID": json.dumps(_SAID),
                "REAL_COMMANDS": " ".join(self.real),
                "STAGECTL": str(ROOT / ".venv" / "bin" / "stagectl"),
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_REF": self.ref,
                "GITHUB_HEAD_REF": head_ref,
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_EVENT_NAME": self.event_name,
                "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
                "GITHUB_OUTPUT": str(folder / "output"),
                "GITHUB_STEP_SUMMARY": str(folder / "summary"),
                **self.environment,
                **environment,
            },
            check=False,
        )
        lines = (folder / "output").read_text().splitlines()
        return completed.returncode, dict(line.split("=", 1) for line in lines)


def _flat(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the steps, those of the repository's own actions in the action's place."""
    for step in steps:
        if str(step.get("uses", "")).startswith("./"):
            action = yaml.safe_load((ROOT / step["uses"] / "action.yml").read_text(encoding="utf-8"))
            yield from _flat(action["runs"]["steps"])
        else:
            yield step


def _needs(job: Mapping[str, Any]) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else needs


def _applies(condition: Any, contexts: Contexts) -> bool:
    """Without a word about the status, a condition means that all went well before."""
    text = str(condition if condition is not None else "success()")
    if not any(status in text for status in STATUSES):
        return bool(evaluate("success()", contexts)) and bool(evaluate(text, contexts))
    return bool(evaluate(text, contexts))


def _statuses(*, succeeded: bool, failed: bool) -> dict[str, Any]:
    return {
        "success()": lambda: succeeded,
        "failure()": lambda: failed,
        "cancelled()": lambda: False,
        "always()": lambda: True,
    }


def _with_defaults(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    declared = triggers(load(name))["workflow_call"] or {}
    inputs = declared.get("inputs", {})
    assert not set(given) - set(inputs), f"{name} has no inputs {set(given) - set(inputs)}"
    missing = [key for key, entry in inputs.items() if entry.get("required") and key not in given]
    assert not missing, f"{name} wants {missing}"
    defaults = {key: entry.get("default", "") for key, entry in inputs.items()}
    return {**defaults, **{key: as_text(value) if value is None else value for key, value in given.items()}}
