"""The commands of steps: npm and npx, recorded, and then run or played."""

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PROGRAMS = ("npm", "npx")
SAID = {
    "stage-name": "preview-of-branch",
    "urls": '{\n  "restaurants": "https://r"\n}',
    "artifacts": '{\n  "orders": "hash"\n}',
    "report": "<!-- marker -->\nbody",
    "cost": "{}",
    "reap": json.dumps(
        {
            "stages": [
                {"stage": "preview-old", "reason": "expired"},
                {"stage": "preview-lost", "reason": "gone"},
            ],
            "unclear": [],
        },
        indent=2,
    ),
}
# A line for the shell and a text for Python, since the interpreter's path may have spaces.
_STAND_IN = f"""#!/bin/sh
'''exec' "{sys.executable}" -IS "$0" "$@"
' '''
import json, os, sys
settings = json.loads(os.environ.pop("STAND_INS"))
here, program = os.path.split(os.path.abspath(sys.argv[0]))
called = [program, *sys.argv[1:]]
with open(settings["journal"], "a") as journal:
    journal.write(json.dumps(called) + "\\n")
if settings["failing"] and settings["failing"] in called:
    sys.exit(3)
real = [(words, more) for words, more in settings["real"] if called[:len(words)] == words]
if real:
    os.environ["PATH"] = settings["path"]
    os.execv(settings["programs"][program], called + max(real)[1])
if called[:2] == ["npx", "stagectl"]:
    print(settings["said"].get(called[2], "done"))
"""


class StandIns:
    """Programs that stand before the real npm and npx in a run's PATH.

    Args:
        folder: Folder for them and their journal.
        failing: A word; commands that have it among their arguments fail, and do nothing.
        real: Beginnings of the commands that run for real, such as `npx stagectl stage-name`, with
            further arguments for them; the longest that fits counts. Of other commands only the output is
            played.
    """

    def __init__(self, folder: Path, *, failing: str, real: Mapping[str, Sequence[str]]) -> None:
        self._folder = folder / "programs"
        self._journal = folder / "journal"
        self._folder.mkdir(parents=True)
        self._journal.touch()
        for program in PROGRAMS:
            (self._folder / program).write_text(_STAND_IN)
            (self._folder / program).chmod(0o755)
        settings = {
            "journal": str(self._journal),
            "failing": failing,
            "real": [(beginning.split(), list(more)) for beginning, more in real.items()],
            "programs": {program: shutil.which(program) for program in PROGRAMS},
            "path": os.environ["PATH"],
            "said": SAID,
        }
        self.environment = {
            "PATH": f"{self._folder}{os.pathsep}{os.environ['PATH']}",
            "STAND_INS": json.dumps(settings),
        }

    def called(self) -> list[list[str]]:
        """Return the commands so far, in order."""
        return [json.loads(line) for line in self._journal.read_text().splitlines()]
