"""GitHub for a workflow's run: roles of jobs, artifacts and comments."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from workflow_runs import github_script
from workflow_runs.run import Effect, Job, Run

from support.stage import REPOSITORY as CHECKOUT

AUTHOR = {"type": "Bot", "login": "github-actions[bot]"}
"""Who writes with the token of a run."""


@dataclass
class GitHub:
    """Plays the actions that workflows use.

    Attributes:
        credentials: Environment variables that stand for every role's. What each may do is tested elsewhere.
        comments: Comments of the pull request, as its API gives them.
        open_pull_requests: Those that are open.
        branches: Those that there are.
    """

    credentials: Mapping[str, str]
    comments: list[dict[str, Any]] = field(default_factory=list)
    open_pull_requests: list[dict[str, Any]] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)

    def play(self, name: str, given: Mapping[str, Any], job: Job, run: Run) -> Effect:
        """Do what an action does; caching actions do nothing."""
        match name:
            case "aws-actions/configure-aws-credentials":
                return Effect(environment=self._take_on(given, job))
            case "actions/upload-artifact":
                _upload(given, job, run)
            case "actions/download-artifact":
                _download(given, job, run)
            case "actions/github-script":
                return Effect(outputs={"result": self._script(given, job, run)})
        return Effect()

    def _take_on(self, given: Mapping[str, Any], job: Job) -> Mapping[str, str]:
        assert job.permissions["id-token"] == "write"
        assert given["role-to-assume"]
        region = {"AWS_REGION": given["aws-region"], "AWS_DEFAULT_REGION": given["aws-region"]}
        return {**region, **self.credentials}

    def _script(self, given: Mapping[str, Any], job: Job, run: Run) -> str:
        ran = github_script.run(
            given["script"],
            folder=job.workspace,
            number=run.event.get("pull_request", {}).get("number", 0),
            comments=self.comments,
            open_pull_requests=self.open_pull_requests,
            branches=self.branches,
            variables=job.variables,
        )
        assert job.permissions["pull-requests"] == ("write" if ran.calls else "read")
        for call, request in ran.calls:
            if call == "create":
                self.comments.append({"id": len(self.comments) + 1, "user": AUTHOR, **request})
            else:
                next(one for one in self.comments if one["id"] == request["comment_id"]).update(request)
        return json.dumps(ran.result)


def _artifacts(run: Run) -> Path:
    return run.folder / "artifacts"


def _upload(given: Mapping[str, Any], job: Job, run: Run) -> None:
    # On GitHub all of it is in the job's own folder; here stagectl leaves logs in the checkout, and pytest
    # leaves results in the folder of the run.
    elsewhere = run.folder if given["path"] == "test-results" else CHECKOUT
    found = next(
        (at / given["path"] for at in (job.workspace, elsewhere) if (at / given["path"]).exists()), None
    )
    if found is None:
        assert given.get("if-no-files-found") == "ignore", f"there is no {given['path']}"
        return
    target = _artifacts(run) / given["name"]
    assert given.get("overwrite") or not target.exists(), f"{given['name']} was uploaded before"
    if found.is_dir():
        shutil.copytree(found, target, dirs_exist_ok=True)
    else:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(found, target)


def _download(given: Mapping[str, Any], job: Job, run: Run) -> None:
    wanted = given.get("name") or given["pattern"]
    found = [path for path in _artifacts(run).glob("*") if fnmatch(path.name, wanted)]
    assert found or "pattern" in given, f"there is no artifact {wanted}"
    for path in found:
        shutil.copytree(path, job.workspace / given.get("path", ""), dirs_exist_ok=True)
