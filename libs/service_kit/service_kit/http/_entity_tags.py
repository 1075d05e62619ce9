"""What conditional requests say of entity tags (RFC 9110, section 13.1)."""

from __future__ import annotations

import re

__all__ = ["is_current", "is_known"]

# Members of a list, between commas outside of quotes.
_MEMBER = re.compile(r'(?:[^,"]|"[^"]*")+')
_WEAK = "W/"
_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_ANY = "*"


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Return whether `If-None-Match` names a tag: alone, in a list, weakly, or as `*`.

    What is no tag is ignored.

    Args:
        if_none_match: Value of the header, None when it was not sent.
        etag: Tag of what would be answered, in its quotes.
    """
    if if_none_match is None:
        return False
    if if_none_match.strip() == _ANY:
        return True
    return etag.removeprefix(_WEAK) in {tag.removeprefix(_WEAK) for tag in _tags(if_none_match)}


def is_current(if_match: str, etag: str | None) -> bool:
    """Return whether `If-Match` allows a change: it names the tag alone, in a list, or is `*`.

    What is no tag is ignored. Weak tags never match: what they name may have changed.

    Args:
        if_match: Value of the header.
        etag: Tag of what is there, in its quotes; None when there is nothing.
    """
    if etag is None:
        return False
    if if_match.strip() == _ANY:
        return True
    return not etag.startswith(_WEAK) and etag in _tags(if_match)


def _tags(header: str) -> set[str]:
    members = (member.strip(" \t") for member in _MEMBER.findall(header))
    return {member for member in members if _TAG.fullmatch(member)}
