"""Sanitise text from outside of the project for tags and terminals."""

import hashlib
import re
import unicodedata

UNKNOWN = "unknown"
"""What a tag says whose value cannot be found out: CloudFormation takes no empty values."""

_LONGEST_TAG_VALUE = 256
_LAST_OF_FIRST_PLANE = "\uffff"
_MARKS = frozenset(" _.:/=+-@")
_REPLACED = re.compile(r"=[0-9a-f]{10}")
_SHORT_REMOTE = re.compile(r"(?P<user>[^/]*)@(?P<place>[^@:/]+[:/].*)")
"""`user@host:path`, as ssh has it. After a slash an @ is part of a path, such as `/srv/a@b`."""

_SPLIT_PASSWORD = re.compile(r"[^@/?#]*:[^@/?#]*[/?#].*@")
"""`user:pass/word@host`: the host comes after the last @."""

_NOT_FOR_TERMINALS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def tag_value(text: str) -> str:
    """Return the form of a text that every AWS service takes as the value of a tag.

    CloudFormation puts the tags of a stack on everything in it, so the strictest service decides: letters,
    digits, spaces and `_ . : / = + - @`, at most 256 characters. A text that is legal stays the same. In any
    other, what is illegal becomes `_`, and a hash of the whole text follows after `=`, so that two texts do
    not share a value. A text that already ends like that gets a hash too: it may be what another one becomes.

    A decomposed accent is a mark, which is illegal. So are characters beyond the first 65,536, which some
    services count as two.
    """
    if not text.strip():
        return UNKNOWN
    kept = "".join(one if _is_legal(one) else "_" for one in text).strip()
    if kept == text and len(text) <= _LONGEST_TAG_VALUE and not _REPLACED.fullmatch(text[-11:]):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    short = re.sub("_+", "_", kept)[: _LONGEST_TAG_VALUE - len(digest) - 1]
    return f"{short.strip('_ ')}={digest}"


def without_credentials(address: str) -> str:
    """Return the address of a git remote without what may open it: user, password, query and fragment.

    The user `git` is kept, since it is the common user for SSH.
    """
    scheme, separator, rest = address.partition("://")
    if not separator:
        found = _SHORT_REMOTE.fullmatch(address)
        return f"{_kept(found['user'])}{found['place']}" if found else address
    if _SPLIT_PASSWORD.match(rest):
        rest = rest.rpartition("@")[2]
    location = re.split(r"[?#]", rest, maxsplit=1)[0]
    authority, slash, path = location.partition("/")
    user, _, place = authority.rpartition("@")
    return f"{scheme}://{_kept(user)}{place}{slash}{path}"


def _kept(user: str) -> str:
    return f"{user}@" if user == "git" else ""


def printable(text: str) -> str:
    """Return a text with what would steer a terminal, or reorder its line, written as an escape."""
    return "".join(
        one
        if one in "\n\t" or unicodedata.category(one) not in _NOT_FOR_TERMINALS
        else one.encode("unicode_escape").decode("ascii")
        for one in text.replace("\r\n", "\n")
    )


def _is_legal(character: str) -> bool:
    is_letter_or_digit = unicodedata.category(character)[0] in "LN"
    return character in _MARKS or (is_letter_or_digit and character <= _LAST_OF_FIRST_PLANE)
