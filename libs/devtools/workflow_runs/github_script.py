"""actions/github-script, on a GitHub with comments, branches, pull requests, deployments and releases."""

import json
import os
import subprocess
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWNER, NAME = "acme", "shop"

_HARNESS = """
const fs = require('fs');
const given = JSON.parse(fs.readFileSync(0, 'utf8'));
const { script, owner, repo, number, comments, open, branches, deployments, releases, failing } = given;
const calls = [];
const refuse = (status) => { throw Object.assign(new Error(`GitHub answered ${status}`), { status }); };
const note = (name) => async (given) => void calls.push([name, given]);
const issues = { listComments: comments, updateComment: note('update'), createComment: note('create') };
const pulls = { list: open };
const getBranch = async ({ branch }) => {
  if (failing === 'getBranch') refuse(503);
  return branch in branches ? { data: { name: branches[branch] } } : refuse(404);
};
const listDeployments = ({ environment }) => deployments.filter((one) => one.environment === environment);
const listDeploymentStatuses = ({ deployment_id }) =>
  deployments.find(({ id }) => id === deployment_id).states.map((state) => ({ state }));
const paginate = async (listed, given) =>
  failing === 'paginate' ? refuse(502) : typeof listed === 'function' ? listed(given) : listed;
const deleteRelease = note('delete');
const createRelease = async (given) => (calls.push(['create', given]), { data: { id: 7 } });
const uploadReleaseAsset = async ({ name, data }) => void calls.push(['upload', { name, size: data.length }]);
const updateRelease = note('update');
const repos = { getBranch, listDeployments, listDeploymentStatuses, listReleases: releases };
Object.assign(repos, { createRelease, deleteRelease, uploadReleaseAsset, updateRelease });
const github = { rest: { issues, pulls, repos }, paginate };
const context = { repo: { owner, repo }, sha: '5ha', payload: { pull_request: { number } } };
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction('github', 'context', 'require', script)(github, context, require)
  .then((result) => console.log(JSON.stringify({ calls, result })));
"""


def pull_request(number: int, branch: str = "feature/menu", repository: str | None = "") -> dict[str, Any]:
    """Return an open pull request as GitHub lists it.

    Args:
        number: Its number.
        branch: Its head.
        repository: Where its head is: in this repository when empty, nowhere any more when None.
    """
    head_repository = None if repository is None else {"full_name": repository or f"{OWNER}/{NAME}"}
    return {"number": number, "head": {"ref": branch, "repo": head_repository}}


@dataclass(frozen=True)
class Ran:
    """The result of a script.

    Attributes:
        calls: What it asked GitHub to do, as pairs of a verb, such as `create`, and the request.
        result: What it returned.
        failed: Whether it raised.
    """

    calls: list[Any]
    result: Any
    failed: bool = False


def run(
    script: str,
    *,
    folder: Path,
    number: int = 0,
    comments: Sequence[dict[str, Any]] = (),
    open_pull_requests: Sequence[dict[str, Any]] = (),
    branches: Collection[str] | Mapping[str, str] = (),
    deployments: Sequence[dict[str, Any]] = (),
    releases: Sequence[dict[str, Any]] = (),
    failing: str = "",
    variables: Mapping[str, str] | None = None,
) -> Ran:
    """Run a script.

    Args:
        script: The script.
        folder: Where it runs.
        number: Number of the pull request that it is run for.
        comments: The comments that are there.
        open_pull_requests: Those that are open.
        branches: Those that there are; renamed ones with their new names.
        deployments: Those that there are, the newest first, with `id`, `sha`, `environment` and `states`.
        releases: Those that there are.
        failing: What GitHub does not answer: `paginate` or `getBranch`.
        variables: Environment of the step.
    """
    names = branches if isinstance(branches, Mapping) else {name: name for name in branches}
    given = {
        "script": script,
        "owner": OWNER,
        "repo": NAME,
        "number": number,
        "failing": failing,
        "comments": comments,
        "open": open_pull_requests,
        "branches": names,
        "deployments": list(deployments),
        "releases": list(releases),
    }
    completed = subprocess.run(
        ["node", "-e", _HARNESS],
        input=json.dumps(given),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(variables or {})},
    )
    if completed.returncode:
        return Ran([], None, failed=True)
    said = json.loads(completed.stdout)
    return Ran(said["calls"], said.get("result"))
