"""Writes what `service_kit.compiled_patterns` reads: the regular expressions of all cold starts, compiled.

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.cold_start.patterns [--python PYTHON]…

By default for the interpreter that runs it. With `--python` for others, each of which is given the Lambdas'
libraries for its version. Name Lambda's version there, too, when the libraries have changed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from service_kit.compiled_patterns import PATTERNS

from benchmarks.cold_start.events import FIRST_EVENTS
from benchmarks.cold_start.fake_aws import serve
from benchmarks.cold_start.observation import observe
from benchmarks.cold_start.packages import UV
from support.stage import REPOSITORY

_COMPILE = """
import _sre, json, re, sys
from array import array
from re import _compiler
made = []
compile_code = _sre.compile
_compiler._sre = type("Watched", (), {**{n: getattr(_sre, n) for n in dir(_sre) if n[0] != "_"},
    "compile": staticmethod(lambda p, *a: made.append(a) or compile_code(p, *a))})
def compiled(kind, text, flags):
    _compiler.compile(text.encode("latin-1") if kind == "bytes" else text, flags)
    final, code, groups, index, names = made.pop()
    words = array("I", map(int, code)).tobytes().hex()
    return [kind, text, flags, int(final), words, groups, dict(index), names]
print("cpython_%d%d" % sys.version_info[:2])
print(json.dumps({"magic": _sre.MAGIC, "byteorder": sys.byteorder}))
for pattern in json.load(sys.stdin):
    print(json.dumps(compiled(*pattern)))
"""


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--python", action="append", type=Path, default=[], help="an interpreter to compile for"
    )
    for python in parser.parse_args().python or [Path(sys.executable)]:
        sys.stdout.write(f"{_write(python.absolute())}\n")


def compiled_text(python: Path, patterns: list[tuple[str | bytes, int]]) -> tuple[str, str]:
    """Give the name and the text of the file with what an interpreter makes of some expressions."""
    written = [
        ("str", pattern, flags) if isinstance(pattern, str) else ("bytes", pattern.decode("latin-1"), flags)
        for pattern, flags in patterns
    ]
    done = subprocess.run(
        [python, "-c", _COMPILE], input=json.dumps(written), capture_output=True, text=True, check=True
    )
    name, head, *entries = done.stdout.splitlines()
    # One expression on each line, so that differences can be read.
    return name, head[:-1] + ', "patterns": [\n' + ",\n".join(sorted(entries)) + "\n]}\n"


def _write(python: Path) -> Path:
    aws = serve(None)
    with tempfile.TemporaryDirectory() as temporary:
        libraries = Path(temporary)
        _install(python, libraries)
        seen: dict[tuple[str | bytes, int], None] = {}
        for function in FIRST_EVENTS:
            observed = observe(
                function, aws_url=aws.url, python=str(python), path=[libraries], off="take_compiled_patterns"
            )
            seen |= dict.fromkeys(observed.patterns)
    aws.shutdown()
    name, text = compiled_text(python, [*seen])
    file = Path(PATTERNS) / f"{name}.json"
    file.write_text(text, encoding="utf-8")
    return file


def _install(python: Path, folder: Path) -> None:
    """Install what the functions bundle and what the Lambda runtime brings."""
    into = ["--python", str(python), "--target", str(folder), "--require-hashes"]
    install = [UV, "pip", "install", "--quiet", *into]
    requirements = [
        REPOSITORY / "services" / "restaurants" / "requirements.txt",
        Path(__file__).with_name("runtime.txt"),
    ]
    for file in requirements:
        subprocess.run([*install, "--requirements", str(file)], check=True)


if __name__ == "__main__":
    main()
