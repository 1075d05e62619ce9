"""Redact what a transcript must not reveal of an account."""

import re
from collections.abc import Iterable

_STEERING = (
    r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_NAME = r"(?:secret|password|passwd|token|authorization|credential|api[-_]?key|access[-_]?key)"
# After a name, what looks like neither a word nor a parameter's path.
_VALUE = r"(?!/[a-z-]+/)(?=[^\s\"',]*[^a-z\s\"',<.:;-])[^\s\"',<]{6,}"
_NAMED = _NAME + r"[\w-]*[\"']?(?:\s*[:=]\s*|\s+is\s+|\s+)[\"']?"

# In this order: a longer secret is gone before a shorter pattern could leave a part of it.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, flags), shown)
    for pattern, flags, shown in (
        (_STEERING, 0, ""),
        (r"-----BEGIN [^-]+-----.*?(-----END [^-]+-----|\Z)", re.DOTALL, "<key>"),
        (r"(?<=://)[^/\s@]+@", 0, "<credentials>@"),
        (r"\beyJ[\w-]{5,}(\.[\w-]*)*", 0, "<token>"),
        (r"\b(gh[pousr]_\w+|github_pat_\w+|glpat-[\w-]+|xox[a-z]-[\w-]+)", 0, "<token>"),
        (r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE, r"\1 <token>"),
        (r"\bA(?:KIA|SIA|ROA|IDA|GPA|NPA|BIA|CCA)[A-Z0-9]{12,}\b", 0, "<key>"),
        (r"([?&]X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s\"']+", re.IGNORECASE, r"\1<token>"),
        (f"({_NAMED}){_VALUE}", re.IGNORECASE, r"\1<secret>"),
        (r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}", 0, "<email>"),
        (r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE, "<id>"),
        (
            r"(?<![\w./+-])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{40,}={0,2}(?![\w./-])",
            0,
            "<secret>",
        ),
        (r"(?<=deploymentbucket-)[a-z0-9]+", 0, "<id>"),
        (r"\b[a-z0-9]+(?=\.(?:execute-api|cloudfront|lambda-url)\b)", 0, "<api>"),
        (r"(?<=execute-api/)[a-z0-9]+|(?<=restapis/)[a-z0-9]+", 0, "<api>"),
        (r"(?<=execute-api:)([^:\s]*:[^:\s]*:)[a-z0-9]{8,}", 0, r"\1<api>"),
        (r"\b[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]+", 0, "<pool>"),
        (r"\b(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{26}\b", 0, "<client>"),
        (r"(?<!\d)\d{4}-?\d{4}-?\d{4}(?!\d)", 0, "<account>"),
        (r"(?<![\d.])(?!127\.0\.0\.1\b)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", 0, "<address>"),
    )
)


def redacted(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without what identifies an account or gives access to it.

    Account ids, keys, tokens, passwords, e-mail and network addresses, ids of APIs, pools and clients, and
    characters that steer a terminal are replaced.

    Args:
        text: What a command printed.
        known: Texts that are secret whatever they look like, such as the credentials in use.
    """
    for secret in sorted(known, key=len, reverse=True):
        text = text.replace(secret, "<secret>")
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text
