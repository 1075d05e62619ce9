"""actions/github-script, with a GitHub that has comments and nothing else."""

import json
import subprocess
from pathlib import Path
from typing import Any

_HARNESS = """
const fs = require('fs');
const [script, number, comments] = JSON.parse(fs.readFileSync(0, 'utf8'));
const calls = [];
const note = (name) => async (given) => void calls.push([name, given]);
const issues = { listComments: 1, updateComment: note('update'), createComment: note('create') };
const github = { rest: { issues }, paginate: async () => comments };
const context = { repo: { owner: 'acme', repo: 'big-mouth' }, payload: { pull_request: { number } } };
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction('github', 'context', 'require', script)(github, context, require)
  .then(() => console.log(JSON.stringify(calls)));
"""


def run(script: str, *, folder: Path, number: int, comments: list[dict[str, Any]]) -> list[Any]:
    """Run a script that comments.

    Gives what it asked GitHub for, as pairs of `create` or `update` and the request.

    Args:
        script: The script.
        folder: Where it runs.
        number: Number of the pull request.
        comments: The comments that are there.
    """
    completed = subprocess.run(
        ["node", "-e", _HARNESS],
        input=json.dumps([script, number, comments]),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    calls: list[Any] = json.loads(completed.stdout)
    return calls
