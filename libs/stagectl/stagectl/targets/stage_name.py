"""Stage names: made from branch names, and checked before anything deploys."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from stagectl.checkout.facts import PERMANENT_STAGES
from stagectl.checkout.services import Stack
from stagectl.errors import StageNameError

MAX_AWS_NAME_LENGTH = 64
"""Longest name of a Lambda function and of an IAM role; both are called `{service}-{stage}-{function}`."""

_VALID = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*")
_HASH_LENGTH = 6
_LETTER_FIRST = "s"
_PREVIEWS = "preview"
_NAMELESS = "stage"


def normalise(raw: str, max_length: int = MAX_AWS_NAME_LENGTH) -> str:
    """Return a valid stage name for any text, such as a branch name.

    A valid name that is short enough stays as it is. Any other is reduced to lower-case letters, digits and
    single dashes, cut, and ends in a hash of the original, so that two branches never share a stage.

    Args:
        raw: The wanted name.
        max_length: Longest name allowed, in characters.

    Raises:
        StageNameError: `raw` is blank, or `max_length` leaves no room for a name.
    """
    if _VALID.fullmatch(raw) and len(raw) <= max_length and not _looks_like_others(raw):
        return raw
    if not raw.strip():
        raise StageNameError("A stage needs a name.")
    room = max_length - _HASH_LENGTH - 1
    if room < 1:
        raise StageNameError(
            f"No stage name fits: the functions' names leave {max_length} characters for it."
        )
    plain = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or _NAMELESS
    if not words[0].isalpha() or _looks_like_others(f"{words}-"):
        words = _LETTER_FIRST + words
    digest = hashlib.sha256(raw.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{words[:room].strip('-')}-{digest}"


def is_valid(text: str) -> bool:
    """Return whether a text is a valid stage name, whatever its length."""
    return bool(_VALID.fullmatch(text))


def is_permanent(text: str) -> bool:
    """Return whether a text means a permanent stage, however it is spelled, such as ` Prod` or `P-R-O-D`.

    Letters of other alphabets that only look alike are something else. They never name such a stage either,
    as none of them is valid in a name.
    """
    compatible = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, compatible)) in PERMANENT_STAGES


def max_length(stacks: Iterable[Stack]) -> int:
    """Return how long a stage name may be, in characters, so that the longest function name still fits."""
    longest = max((len(name_on_stage(*pair, "")) for pair in _functions(stacks)), default=0)
    return MAX_AWS_NAME_LENGTH - longest


def check(stage: str, stacks: Iterable[Stack]) -> None:
    """Raise unless AWS accepts the name.

    Raises:
        StageNameError: It has characters that AWS refuses, or makes a function's or a role's name too long.
    """
    if not _VALID.fullmatch(stage):
        raise StageNameError(
            f"{stage!r} cannot be a stage: use lower-case letters, digits and single dashes, a letter first."
        )
    if _looks_like_others(stage):
        raise StageNameError(
            f"{stage!r} cannot be a stage: the deploying roles could not tell its resources from those of "
            f"{stage.partition('-')[0]}. Choose another name, such as {normalise(stage)}."
        )
    stacks = tuple(stacks)
    for service, function in _functions(stacks):
        name = name_on_stage(service, function, stage)
        if len(name) > MAX_AWS_NAME_LENGTH:
            raise StageNameError(
                f"The stage name {stage!r} is too long: the function and its role would be called {name}, "
                f"{len(name)} characters where AWS allows {MAX_AWS_NAME_LENGTH}. "
                f"A stage name may have {max_length(stacks)} characters here."
            )


def _looks_like_others(stage: str) -> bool:
    """Whether names of the stage begin like those of a permanent stage, or of all previews."""
    return stage == _PREVIEWS or stage.startswith(tuple(f"{one}-" for one in PERMANENT_STAGES))


def name_on_stage(service: str, function: str, stage: str) -> str:
    """Return the AWS name of a function, which is also its role's."""
    return f"{service}-{stage}-{function}"


def _functions(stacks: Iterable[Stack]) -> list[tuple[str, str]]:
    return [(stack.name, function) for stack in stacks for function in stack.functions]
