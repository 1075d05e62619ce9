"""What the rules about tags share: the keys and values that AWS accepts."""

import unicodedata
from collections.abc import Mapping

MAX_KEY, MAX_VALUE, MAX_TAGS = 128, 256, 50
_PATTERN = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
_CATEGORIES = frozenset("LZN")
_SYMBOLS = frozenset("_.:/=+-@")


def fault_of(tags: Mapping[str, str]) -> str | None:
    """Return what is wrong with tags that a caller sets, in AWS's words."""
    if len(tags) > MAX_TAGS:
        return f"1 validation error detected: a resource has at most {MAX_TAGS} tags, not {len(tags)}"
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            return f"aws: prefixed tag key names are not allowed for external use: {key}"
        fault = _fault("key", key, MAX_KEY, 1) or _fault("value", value, MAX_VALUE, 0)
        if fault:
            return fault
    return None


def _fault(what: str, text: str, longest: int, shortest: int) -> str | None:
    at = f"Value '{text}' at 'tags.member.{what}' failed to satisfy constraint"
    start = f"1 validation error detected: {at}: Member must"
    if not shortest <= len(text) <= longest:
        return f"{start} have length between {shortest} and {longest}"
    if not all(_is_allowed(character) for character in text):
        return f"{start} satisfy regular expression pattern: {_PATTERN}"
    return None


def _is_allowed(character: str) -> bool:
    return character in _SYMBOLS or unicodedata.category(character)[0] in _CATEGORIES
