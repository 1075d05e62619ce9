"""Files of a service that are generated from others, such as its rendered texts."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

GENERATORS = "stagectl.generators"
"""Entry-point group of packages that generate: each entry has the name of a folder of a service, and is a
function of the service's folder that returns the text of each file that follows from it."""

Generator = Callable[[Path], Mapping[Path, str]]


def folders() -> Collection[str]:
    """Return the names of the folders from which something is generated."""
    return _generators().keys()


def write(service: Path) -> None:
    """Generate the files of a service, and write those that differ.

    Raises:
        StagectlError: What they are generated from has a fault.
    """
    for name, generate in _generators().items():
        if (service / name).is_dir():
            for path, text in generate(service).items():
                if not path.is_file() or path.read_text("utf-8") != text:
                    path.write_text(text, "utf-8")


@cache
def _generators() -> dict[str, Generator]:
    return {entry.name: entry.load() for entry in entry_points(group=GENERATORS)}
