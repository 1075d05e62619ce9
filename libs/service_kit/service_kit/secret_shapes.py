"""Secrets and e-mail addresses, which show by their form wherever they stand."""

from __future__ import annotations

import re

__all__ = ["HIDDEN", "without_secrets"]

HIDDEN = "(token)"
# Each begins where no other can begin a few characters later, so that a long text takes no long time.
_FORMS = (
    # JSON web tokens, signed or encrypted.
    r"(?<![\w-])eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*){0,3}",
    # What an Authorization header says; a word such as in “bearer authentication” is no token.
    r"(?<=(?i:bearer) )(?=[a-z]*[^a-z\s]|[a-z]{20})[\w.~+/=-]{8,}",
    r"(?<=(?i:authorization): (?i:basic) )[\w+/=-]+",
    r"(?<=\bSignature=)[0-9a-fA-F]{16,}",
    # Keys of AWS: their ids, session tokens, and secrets, which are 40 characters of every kind.
    r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    r"(?<![A-Za-z0-9+/])(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=]{60,}",
    (
        r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=]))"
        r"(?=.{0,39}[a-z])(?=.{0,39}[A-Z])(?=.{0,39}[0-9]).{40}"
    ),
    # Tokens of GitHub, and private keys.
    r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{10,}",
    r"(?<![A-Za-z0-9])github_pat_\w{20,}",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*",
    # A user and a password in an address.
    r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)",
)
_SHAPES = re.compile("|".join(_FORMS))
_OF_A_LOCAL_PART = r"[\w.!#$%&'*+^`{|}~-]"
# Percent-encoded too, as in the path of a URL.
_ADDRESS = re.compile(
    rf"(?<!{_OF_A_LOCAL_PART}){_OF_A_LOCAL_PART}{{1,64}}(?:@|%40)(?:[\w-]{{1,63}}\.){{1,8}}[^\W\d_]{{2,24}}"
)


def without_secrets(text: str) -> str:
    """Return a text without what looks like a token, a key, a password or an e-mail address."""
    return _ADDRESS.sub("(address)", _SHAPES.sub(HIDDEN, text))
