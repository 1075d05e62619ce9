"""What a new product gets without the example services."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import StagectlError

ANSWER = "example_services"
MARK_OF_LINES = "only-with-example-services"
"""A line that ends with this mark, in a comment, comes with the example services only.

So do the lines between one with `begin` and the mark, and one with `end` and the mark.
"""

_HERE = Path(__file__).parent
LIST = _HERE / "example_files.yml"
INSTEAD = _HERE / "without_examples"
_IF, _UNLESS, _ELSE, _END = f"<% if {ANSWER} %>", f"<% if not {ANSWER} %>", "<% else %>", "<% endif %>"
_MARKED = re.compile(
    rf"^(.*?)[ \t]*(?:#|//|<!--)[ \t]*(begin |end |){MARK_OF_LINES}(?:[ \t]*-->)?(\n|\Z)", re.MULTILINE
)
_CHOSEN = re.compile(rf"{re.escape(_IF)}.*?{re.escape(_END)}", re.DOTALL)


def instead() -> dict[str, Path]:
    """Return the files that a product without the example services has of its own, by path in the product."""
    files = (path for path in INSTEAD.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(INSTEAD).as_posix(): path for path in sorted(files)}


def has_choices(text: str) -> bool:
    """Return whether a text has lines that come with the example services only."""
    return MARK_OF_LINES in text


def with_choices(text: str) -> str:
    """Return a text of a template in which marked lines come with the example services only.

    Raises:
        ValueError: A mark is in no form that a product would get without it.
    """
    marks = [match[2] for match in _MARKED.finditer(text)]
    chosen = _MARKED.sub(_choice, text)
    if MARK_OF_LINES in chosen or marks.count("begin ") != marks.count("end "):
        raise ValueError(f"a mark {MARK_OF_LINES} does not end its line, or begins or ends nothing")
    return chosen


def without(text: str) -> str:
    """Return a text as products without the example services have it.

    Raises:
        ValueError: As `with_choices`.
    """
    return _CHOSEN.sub("", with_choices(text)) if has_choices(text) else text


def _choice(match: re.Match[str]) -> str:
    line, place, end = match.groups()
    if not place:
        return f"{_IF}{line}{end}{_END}"
    if line:
        return match[0]
    return _IF if place == "begin " else _END


def either(example: str, other: str) -> str:
    """Return a text of a template: one with the example services, another without."""
    return f"{_IF}{example}{_ELSE}{other}{_END}"


def left_out(paths: Collection[str]) -> set[str]:
    """Return the paths that do not come without the example services.

    Args:
        paths: Paths of the checkout's files that are in the template.

    Raises:
        StagectlError: The list of the example's files names something that is not there.
    """
    of_examples = [place for group in load_mapping(LIST).values() for place in group]
    if missing := [place for place in of_examples if not any(_is_in(path, place) for path in paths)]:
        raise StagectlError(f"{LIST}: the checkout has no {', '.join(missing)}. Remove it from the list.")
    return {path for path in paths if any(_is_in(path, place) for place in of_examples)} - instead().keys()


def exclusions(paths: Collection[str]) -> str:
    """Return patterns of copier, a line each, for what does not come with an answer.

    Args:
        paths: As of `left_out`.

    Raises:
        StagectlError: As `left_out`.
    """
    own, out = instead(), left_out(paths)
    without = _folded(out, {*paths, *own} - out)
    only_without = sorted(own.keys() - set(paths))
    return "\n".join([_UNLESS, *without, _ELSE, *(f"/{path}" for path in only_without), _END])


def _is_in(path: str, place: str) -> bool:
    return path == place or (place.endswith("/") and path.startswith(place))


def _folded(left_out: Collection[str], kept: Collection[str]) -> Iterator[str]:
    """Name each file that is left out, or the topmost folder of which nothing is kept."""
    kept_folders = {parent for path in kept for parent in PurePosixPath(path).parents}
    named = set()
    for path in left_out:
        gone = [parent for parent in PurePosixPath(path).parents if parent not in kept_folders]
        named.add(f"/{gone[-1] if gone else path}")
    yield from sorted(named)
