"""Whether a client has what it asks for: `If-None-Match` (RFC 9110, section 13.1.2)."""

from __future__ import annotations

import re

__all__ = ["is_known"]

# Members of a list, between commas outside of quotes.
_MEMBER = re.compile(r'(?:[^,"]|"[^"]*")+')
_WEAK = "W/"
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Return whether `If-None-Match` names a tag: alone, in a list, weakly, or as `*`.

    What is no tag is ignored.

    Args:
        if_none_match: Value of the header, None when it was not sent.
        etag: Tag of what would be answered, in its quotes.
    """
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    tags = (_TAG.fullmatch(member.strip(" \t")) for member in _MEMBER.findall(if_none_match))
    return etag.removeprefix(_WEAK) in {tag[1] for tag in tags if tag}
