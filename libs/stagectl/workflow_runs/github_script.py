"""actions/github-script, with a GitHub that has comments, open pull requests and nothing else."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HARNESS = """
const fs = require('fs');
const { script, number, comments, open } = JSON.parse(fs.readFileSync(0, 'utf8'));
const calls = [];
const note = (name) => async (given) => void calls.push([name, given]);
const issues = { listComments: comments, updateComment: note('update'), createComment: note('create') };
const pulls = { list: open.map((number) => ({ number })) };
const github = { rest: { issues, pulls }, paginate: async (listed) => listed };
const context = { repo: { owner: 'acme', repo: 'big-mouth' }, payload: { pull_request: { number } } };
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction('github', 'context', 'require', script)(github, context, require)
  .then((result) => console.log(JSON.stringify({ calls, result })));
"""


@dataclass(frozen=True)
class Ran:
    """What came of a script.

    Attributes:
        calls: What it asked GitHub to do, as pairs of `create` or `update` and the request.
        result: What it returned.
    """

    calls: list[Any]
    result: Any


def run(
    script: str,
    *,
    folder: Path,
    number: int = 0,
    comments: Sequence[dict[str, Any]] = (),
    open_pull_requests: Sequence[int] = (),
) -> Ran:
    """Run a script.

    Args:
        script: The script.
        folder: Where it runs.
        number: Number of the pull request that it is run for.
        comments: The comments that are there.
        open_pull_requests: The numbers of those that are open.
    """
    given = {"script": script, "number": number, "comments": comments, "open": open_pull_requests}
    completed = subprocess.run(
        ["node", "-e", _HARNESS],
        input=json.dumps(given),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(completed.stdout)
    return Ran(said["calls"], said.get("result"))
