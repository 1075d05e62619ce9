"""The product's names in files, and what replaces them in a template."""

import re

PRODUCT = "Big Mouth"
OPENING, CLOSING = "<[ ", " ]>"
MARK_OF_OWN_LINES = "not-in-new-products"
"""A line with this mark is about the template itself, and left out of it."""

# Each spelling with its answer in copier.yml.
_SPELLINGS = {
    PRODUCT: "product_name",
    "big-mouth": "product_slug",
    "big_mouth": "product_distribution",
    "Big-Mouth": "product_header",
    "BigMouth": "product_class",
    "bigmouth": "product_word",
    "BIGMOUTH": "product_constant",
}
_OWNER = ("@big-mouth/", f"@{OPENING}github_owner{CLOSING}/")
_ANY_SPELLING = re.compile("big[^a-z0-9]?mouth", re.IGNORECASE)
_OWN_LINE = re.compile(rf".*{MARK_OF_OWN_LINES}.*\n?")


def in_(text: str) -> list[str]:
    """Return each spelling of the product's name in a text, once."""
    return sorted(set(_ANY_SPELLING.findall(text)))


def without_own_lines(text: str) -> str:
    """Return a text without the lines that are about the template itself."""
    return _OWN_LINE.sub("", text)


def replaced(text: str) -> str:
    """Return a text as a template: each of the product's names became a variable.

    Raises:
        ValueError: The text has a spelling that no variable stands for, or the marks of variables.
    """
    if any(mark.strip() in text for mark in (OPENING, CLOSING, "<%", "<#")):
        raise ValueError("it has <[, ]>, <% or <#, which mark variables in the template")
    text = text.replace(*_OWNER)
    for spelling, variable in _SPELLINGS.items():
        text = text.replace(spelling, f"{OPENING}{variable}{CLOSING}")
    if unknown := in_(text):
        known = ", ".join(_SPELLINGS)
        raise ValueError(f"it spells the product's name {', '.join(unknown)}; use one of: {known}")
    return text
