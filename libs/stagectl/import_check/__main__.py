"""Imports a service's handlers as the local Lambdas do, and reports those that would not start.

    python import_check SERVICE LIBRARIES

Run by the emulator's interpreter with the service's folder and that of its unpacked libraries. Each line of
standard input is a JSON object: `changed`, paths of files, and `functions`, each with its `handler` and
`environment`. The answer to each is a line with a JSON list of faults, with file and line.

Every check runs in a copy of this process (fork), since modules cannot be imported again. Libraries that a
copy imported are imported here afterwards, so that only the first check takes their time.
"""

import contextlib
import importlib
import json
import os
import select
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

LIBS = Path(__file__).resolve().parents[2]
SERVICE_KIT = LIBS / "service_kit"
LONGEST_IMPORT_SECONDS = 10


def check(request: dict[str, Any]) -> list[str]:
    """Return the faults of changed files, or else those of the handlers."""
    handlers = importlib.import_module("handlers")
    changed = list(map(Path, request["changed"]))
    there = [path for path in changed if path.exists()]
    sources = [path for path in there if path.suffix == ".py"]
    texts = [f"{handlers.shown(path)}:{line}: {error}" for path, line, error in text_faults(there)]
    found = [*handlers.syntax_faults(sources), *texts]
    if found or (changed and all(map(is_right_template, changed))):
        return found
    return list(handlers.import_faults(request["functions"]))


def text_faults(paths: Iterable[Path]) -> Iterator[tuple[Path, int, str]]:
    """Yield file, line and error of JSON files, and of Jinja templates in a folder `templates`."""
    for path in paths:
        if path.suffix == ".json":
            try:
                json.loads(path.read_bytes())
            except json.JSONDecodeError as error:
                yield path, error.lineno, error.msg
            except UnicodeDecodeError as error:
                yield path, 1, str(error)
        elif is_template(path):
            jinja2 = importlib.import_module("jinja2")  # the service's own
            try:
                jinja2.Environment(autoescape=True).parse(path.read_text("utf-8"))
            except jinja2.TemplateSyntaxError as error:
                yield path, error.lineno, error.message
            except UnicodeDecodeError as error:
                yield path, 1, str(error)


def is_template(path: Path) -> bool:
    """Return whether a file is a Jinja template."""
    return path.suffix == ".html" and "templates" in path.parts


def is_right_template(path: Path) -> bool:
    """Return whether a template would also be right for an environment without filters of its own."""
    if not (path.exists() and is_template(path)):
        return False
    jinja2 = importlib.import_module("jinja2")
    try:
        jinja2.Environment(autoescape=True).compile(path.read_text("utf-8"))
    except jinja2.TemplateAssertionError:
        return False
    return True


def libraries(own: tuple[str, ...]) -> Iterator[str]:
    """Yield the imported modules that are not the repository's own."""
    for name, module in tuple(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name != "__main__" and not file.startswith(own):
            yield name


def in_a_copy(request: dict[str, Any], own: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the faults, and the libraries that the handlers imported."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        answer = check(request), list(libraries(own))
        with os.fdopen(writing, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        is_ready, *_ = select.select([pipe], [], [], LONGEST_IMPORT_SECONDS)
        if not is_ready:
            os.kill(child, signal.SIGKILL)
        text = pipe.read()
    os.waitpid(child, 0)
    if not text:
        name, longest = Path.cwd().name, LONGEST_IMPORT_SECONDS
        return [f"{name}: its handlers ended the interpreter, or took longer to import than {longest} s"], []
    faults, imported = json.loads(text)
    return faults, imported


def main() -> None:
    """Answer requests until the end of standard input."""
    service, packages = sys.argv[1:]
    os.chdir(service)
    own = (service + os.sep, str(LIBS) + os.sep)
    sys.path[:0] = [service, str(SERVICE_KIT), packages, str(LIBS / "serverless_plugins")]
    # What a module prints must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        faults, imported = in_a_copy(json.loads(line), own)
        answers.write(f"{json.dumps(faults)}\n")
        answers.flush()
        for name in imported:
            # Some are made by others at run time and cannot be imported by name.
            with contextlib.suppress(Exception):
                importlib.import_module(name)


if __name__ == "__main__":
    main()
