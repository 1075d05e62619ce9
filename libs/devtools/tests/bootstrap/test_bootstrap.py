"""The bootstrap, as a user starts it: in a checkout of its own with stand-ins for what it installs."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2]
INHERITED = {name: value for name, value in os.environ.items() if name != "BIGMOUTH_PYTHON"}
Write = Callable[[str, str], Path]
Start = Callable[..., subprocess.Popen[str]]

STAMP_EVERYTHING = """
const steps = await import(process.argv[1] + '/bootstrap/steps.mjs');
const { writeStamp } = await import(process.argv[1] + '/bootstrap/stamps.mjs');
for (const step of Object.values(steps)) if (step.input) writeStamp(step.name, step.input());
"""
FAKE_STAGECTL = """#!/bin/sh
trap 'echo interrupted; exit 130' INT
echo "$@"
case "$*" in
  *wait*) while :; do sleep 0.05; done ;;
  *fail*) exit 7 ;;
esac
"""


@pytest.fixture
def root(tmp_path: Path, write: Write) -> Path:
    """A checkout in which every step is done."""
    shutil.copytree(SOURCES / "bootstrap", tmp_path / "libs" / "devtools" / "bootstrap")
    shutil.copy(SOURCES / "bootstrap.mjs", tmp_path / "libs" / "devtools")
    write("requirements.txt", "uv==1.0 \\\n    --hash=sha256:abc\n    # via -r requirements.in\nyaml==2\n")
    write("libs/local_aws/requirements.txt", "")
    write("package-lock.json", "{}")
    write("node_modules/.package-lock.json", "{}")
    write("services/orders/requirements.txt", "")
    for program in ("uv", "pip", "stagectl", "sls"):
        write(f".venv/bin/{program}", "#!/bin/sh\n").chmod(0o755)
    write(".venv/lib/python3.11/site-packages/services.pth", "")
    write(".venv/bin/python", FAKE_STAGECTL).chmod(0o755)
    write(".bigmouth/emulator-venv/bin/python", "")
    stamp = ["node", "--input-type=module", "-e", STAMP_EVERYTHING, str(tmp_path / "libs" / "devtools")]
    subprocess.run(stamp, check=True, env=INHERITED)
    return tmp_path


@pytest.fixture
def start(root: Path) -> Start:
    def start_bootstrap(
        *arguments: str, cwd: Path | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["node", str(root / "libs" / "devtools" / "bootstrap.mjs"), *arguments],
            cwd=cwd or root,
            env={**INHERITED, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start_bootstrap


def outcome(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    output, errors = process.communicate(timeout=30)
    return process.returncode, output, errors


def test_with_everything_done_it_becomes_stagectl_and_says_nothing(start: Start) -> None:
    assert outcome(start("up", "--stage", "my stage")) == (0, "-m stagectl up --stage my stage\n", "")


def test_a_start_says_so_at_once(start: Start) -> None:
    assert outcome(start("start", "--detach"))[2] == "Starting …\n"


def test_the_exit_code_is_that_of_stagectl(start: Start) -> None:
    assert outcome(start("fail"))[0] == 7


def test_it_works_from_any_folder(start: Start, root: Path) -> None:
    assert outcome(start("list", cwd=root / "services" / "orders"))[0] == 0


def test_setup_alone_runs_nothing(start: Start) -> None:
    assert outcome(start("--setup-only")) == (0, "", "Everything is installed.\n")


def test_an_interrupt_is_passed_on_and_waited_for(start: Start) -> None:
    process = start("wait")
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(signal.SIGINT)

    assert outcome(process)[:2] == (130, "interrupted\n")


def test_windows_itself_is_refused_with_the_way_to_wsl(start: Start, write: Write) -> None:
    windows = write("windows.cjs", "Object.defineProperty(process, 'platform', {value: 'win32'});\n")

    code, _, errors = outcome(start("list", NODE_OPTIONS=f'--require "{windows}"'))

    assert code == 1
    assert "On Windows, run it in WSL 2: `wsl --install`" in errors


def test_a_node_is_refused_by_its_minor_version(start: Start, write: Write) -> None:
    old = write("old.cjs", "Object.defineProperty(process.versions, 'node', {value: '20.18.3'});\n")

    code, _, errors = outcome(start("list", NODE_OPTIONS=f'--require "{old}"'))

    assert code == 1
    assert "Node.js >= 20.19, this is 20.18.3" in errors


def test_too_old_a_python_is_one_line(start: Start, write: Write) -> None:
    old = write("old-python", "#!/bin/sh\necho 3 9 /usr/bin/python3.9\n")
    old.chmod(0o755)

    code, _, errors = outcome(start("list", BIGMOUTH_PYTHON=str(old)))

    assert code == 1
    assert f"={old} is Python 3.9: point it at Python >= 3.11, or unset it" in errors


def test_no_python_at_all_names_what_to_install(start: Start, root: Path, write: Write) -> None:
    for program in ("node", "git", "sh"):
        found = shutil.which(program)
        assert found is not None
        write(f"path/{program}", f'#!/bin/sh\nexec {found} "$@"\n').chmod(0o755)
    (root / ".venv" / "bin" / "pip").unlink()

    code, _, errors = outcome(start("list", PATH=str(root / "path")))

    assert code == 1
    assert " needs Python >= 3.11: install it from https://www.python.org/downloads" in errors


def test_no_git_names_what_to_install(start: Start, root: Path, write: Write) -> None:
    node = shutil.which("node")
    write("path/node", f'#!/bin/sh\nexec {node} "$@"\n').chmod(0o755)
    write("requirements.txt", "changed==1")

    code, _, errors = outcome(start("list", PATH=str(root / "path")))

    assert (code, errors.startswith("Big Mouth needs git: install it")) == (1, True)


def test_a_changed_lock_repeats_its_step_and_an_interrupted_step_stays_undone(
    start: Start, root: Path, write: Write
) -> None:
    write("requirements.txt", "yaml==3\n")

    code, _, errors = outcome(start("list"))

    assert code == 1
    assert "requirements.txt does not pin uv" in errors
    assert not (root / ".bigmouth" / "stamps" / "python-packages").exists()
    assert not (root / ".bigmouth" / "setup.lock").exists()


@pytest.mark.parametrize(
    "content", ["", "{", "null", "[]", '"x"', '{"pid": -5, "start": "1"}', '{"pid": "a"}']
)
def test_a_damaged_lock_is_broken(start: Start, root: Path, write: Write, content: str) -> None:
    write(".bigmouth/setup.lock", content)
    (root / ".bigmouth" / "stamps" / "own-packages").unlink()

    code, _, errors = outcome(start("list"))

    assert code == 0
    assert "Own packages" in errors
    assert not (root / ".bigmouth" / "setup.lock").exists()


def test_the_lock_of_a_dead_setup_is_broken(start: Start, root: Path, write: Write) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    write(".bigmouth/setup.lock", json.dumps({"pid": dead.pid, "start": "1"}))
    (root / ".bigmouth" / "stamps" / "own-packages").unlink()

    code, _, errors = outcome(start("list"))

    assert code == 0
    assert "Own packages" in errors
    assert not (root / ".bigmouth" / "setup.lock").exists()


def test_a_second_setup_waits_for_the_first(start: Start, root: Path, write: Write) -> None:
    ours = Path(f"/proc/{os.getpid()}/stat")
    if not ours.exists():
        pytest.skip("reads this process's start from /proc")
    started = ours.read_text().rpartition(")")[2].split()[19]
    lock = write(".bigmouth/setup.lock", json.dumps({"pid": os.getpid(), "start": started}))
    (root / ".bigmouth" / "stamps" / "own-packages").unlink()
    process = start("list")
    assert process.stderr is not None
    assert f"Waiting for the setup that process {os.getpid()} runs" in process.stderr.readline()

    lock.unlink()

    assert outcome(process)[0] == 0


def test_a_step_is_shown_with_its_number_and_time(start: Start, root: Path) -> None:
    (root / ".bigmouth" / "stamps" / "own-packages").unlink()

    assert re.search(r"^  1/1  Own packages  \d+\.\d s$", outcome(start("list", CI="true"))[2], re.MULTILINE)


def test_a_terminal_shows_what_runs_until_an_interrupt(root: Path, write: Write) -> None:
    write(".venv/bin/uv", "#!/bin/sh\nexec sleep 60\n")
    (root / ".bigmouth" / "stamps" / "own-packages").unlink()
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        ["node", str(root / "libs" / "devtools" / "bootstrap.mjs"), "list"],
        env={**INHERITED, "CI": ""},
        stderr=theirs,
    )
    os.close(theirs)
    shown = ""
    while "now Own packages" not in shown:
        shown += os.read(ours, 1000).decode()

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=30) == 130
    while "Interrupted." not in shown:
        shown += os.read(ours, 1000).decode()
    os.close(ours)


def test_the_services_are_importable_from_the_environment(start: Start, root: Path, write: Write) -> None:
    write("services/payments/serverless.yml", "service: payments")

    outcome(start("list"))

    path_file = root / ".venv" / "lib" / "python3.11" / "site-packages" / "services.pth"
    assert path_file.read_text().splitlines() == [str(root / "services" / "payments")]


def test_the_libraries_are_installed_as_they_stand_and_from_no_registry(
    start: Start, root: Path, write: Write
) -> None:
    write("libs/tools/pyproject.toml", "[project]")
    write(".venv/bin/uv", f'#!/bin/sh\necho "$@" > {root / "asked"}\n')

    outcome(start("list"))

    asked = (root / "asked").read_text().split()
    assert asked[:2] == ["pip", "install"]
    assert {"--offline", "--no-deps"} <= set(asked)
    assert asked[-2:] == ["--editable", str(root / "libs" / "tools")]
