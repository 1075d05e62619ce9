"""Change the code in small ways, one at a time, and count the changes that the unit tests detect.

Run it with `npm run mutation`, or `npm run mutation -- orders service_kit` for some packages. mutmut makes
the changes and runs the tests. What no test can notice is listed, with its reason, in equivalents.yml.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from devtools.mutation import groups, staging, verdicts

ROOT = Path(__file__).resolve().parents[4]
MUTMUT = ROOT / ".venv" / "bin" / "mutmut"
SAME_IDS = Path(__file__).with_name("same_ids.py")
EQUIVALENTS = Path(__file__).with_name("equivalents.yml")
TARGET_PER_CENT = 92.0


def main() -> int:
    """Run mutmut on each chosen package; returns 1 when the score is below the target."""
    known = groups.find(ROOT)
    names = [group.name for group in known]
    parser = argparse.ArgumentParser(prog="npm run mutation --", description=__doc__)
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help=f"one or more of {', '.join(names)}")
    parser.add_argument("--show", action="store_true", help="print the changes that no test detected")
    parser.add_argument(
        "--report-only", action="store_true", help="print the results of the last run, without a new run"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.packages) - set(names)
    if unknown:
        parser.error(f"There is no package {', '.join(sorted(unknown))}. Packages: {', '.join(names)}.")
    equivalents = verdicts.Equivalent.read_all(EQUIVALENTS)
    scores: dict[str, verdicts.FileScore] = {}
    for group in known:
        if arguments.packages and group.name not in arguments.packages:
            continue
        folder = ROOT / ".bigmouth" / "mutation" / group.name
        if not arguments.report_only:
            folder = staging.prepare(ROOT, group)
            _mutate(group, folder)
        of_group = verdicts.of_group(MUTMUT, folder, group.package, equivalents)
        scores |= of_group
        if arguments.show:
            _show_missed(folder, of_group)
    return _report(scores)


def _mutate(group: groups.Group, folder: Path) -> None:
    since = time.monotonic()
    _check_ids(group, folder)
    sys.stderr.write(f"{group.name}: mutating …\n")
    log = folder / "mutmut.log"
    with log.open("wb") as output:
        completed = subprocess.run([MUTMUT, "run"], cwd=folder, stdout=output, stderr=output, check=False)
    if completed.returncode != 0:
        sys.exit(f"{group.name}: mutmut failed. Its output: {log.relative_to(ROOT)}")
    sys.stderr.write(f"{group.name}: {time.monotonic() - since:.0f} s\n")


def _check_ids(group: groups.Group, folder: Path) -> None:
    """Refuse results that rest on tests which mutmut cannot find."""
    command = [str(MUTMUT.with_name("python")), str(SAME_IDS), *group.tests]
    lost = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stderr
    if lost:
        sys.exit(f"{group.name}: the ids of these tests must not hold backslashes:\n{lost}")


def _show_missed(folder: Path, scores: dict[str, verdicts.FileScore]) -> None:
    for file, score in sorted(scores.items()):
        for name in score.missed:
            before, after = verdicts.change(folder, name)
            sys.stdout.write(f"{file}  {name.rpartition('.')[2]}\n  - {before}\n  + {after}\n")


def _report(scores: dict[str, verdicts.FileScore]) -> int:
    rows = [
        (file, score.noticed, score.total, score.equivalent)
        for file, score in sorted(scores.items())
        if score.total or score.equivalent
    ]
    noticed, total = sum(row[1] for row in rows), sum(row[2] for row in rows)
    rows.append(("total", noticed, total, sum(row[3] for row in rows)))
    sys.stdout.write("| file | noticed | of | % | equivalent |\n|---|---|---|---|---|\n")
    for file, killed, of, equivalent in rows:
        per_cent = f"{100 * killed / of:.0f}" if of else "–"
        sys.stdout.write(f"| {file} | {killed} | {of} | {per_cent} | {equivalent} |\n")
    if total and 100 * noticed / total < TARGET_PER_CENT:
        sys.stderr.write(
            f"Below the target of {TARGET_PER_CENT:.0f} %. To see what no test detected:\n"
            "  npm run mutation -- --report-only --show\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
