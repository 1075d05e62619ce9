"""Names that people write and compare: one form for each, and no invisible characters.

Types of names are made of these, in this order:

    Theme = Annotated[str, StringConstraints(min_length=1, max_length=60), VISIBLE_TEXT]
    Name = Annotated[str, StringConstraints(min_length=1, max_length=100), VISIBLE_TEXT, PATH_SEGMENT]

so that lengths are those of the form that is kept.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

__all__ = ["PATH_SEGMENT", "VISIBLE_TEXT", "path_segment", "visible_text"]

# Controls, formats (zero-width, bidirectional, tags), surrogates, private use, unassigned and non-characters,
# and the separators of lines and paragraphs.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_VARIATION_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
# Letters, marks and symbols of which nothing is seen, and what stands for a character that was lost.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd\U0001d159")
# Other forms of characters that keyboards have: full and half width, and mathematical alphabets.
_FORMS = ("<wide>", "<narrow>", "<font>")
_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_KEYCAP = "\u20e3"
# What sequences of emoji are joined of, beside the planes of emoji.
_JOINED = frozenset("↔↕☠♀♂⚕⚖⚧⛓⛹✈❤➡⬛")
_EMOJI = range(0x1F000, 0x1FB00)
# What has both a style of text and one of emoji begins here, apart from two signs.
_FIRST_STYLED = 0x203C
_STYLED = frozenset("©®")
_MAX_NAMED = 3
# What a regular expression of any dialect can say of it in a document; every name fits this.
_DOCUMENTED = r"^[^\x00-\x1f\x7f-\x9f\xad]*$"


def visible_text(text: Any) -> Any:
    """Return a text in the one form in which it is kept and compared: NFC, with single spaces inside.

    What is no text is returned unchanged, for its type to refuse.

    Raises:
        PydanticCustomError: It has invisible characters, or other forms of plain ones.
    """
    if not isinstance(text, str):
        return text
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        refused = sorted({one for at, one in enumerate(text) if _is_refused(text, at)})
        if refused:
            raise PydanticCustomError(
                "visible_text",
                "Input should have no control, invisible, unassigned or full-width characters: {refused}",
                {"refused": ", ".join(f"U+{ord(one):04X}" for one in refused[:_MAX_NAMED])},
            )
    return " ".join(text.split())


def path_segment(name: str) -> str:
    """Return a name that can be one segment of a URL's path, also for who decodes it more than once.

    Raises:
        PydanticCustomError: It has a slash or backslash, or is nothing but one or two dots.
    """
    decoded, before = name, ""
    while decoded != before:
        if decoded in {".", ".."} or not {"/", "\\"}.isdisjoint(decoded):
            raise PydanticCustomError(
                "path_segment", "Input should be more than dots and have no slash, backslash or code for one"
            )
        decoded, before = unquote(decoded), decoded
    return name


class _VisibleText:
    """Marks a type of text that is put into its form before its length is looked at."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(visible_text, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) | {"pattern": _DOCUMENTED}


VISIBLE_TEXT = _VisibleText()
PATH_SEGMENT = AfterValidator(path_segment)


def _is_refused(text: str, at: int) -> bool:
    one, before, after = text[at], text[:at], text[at + 1 : at + 2]
    if one == _ZERO_WIDTH_JOINER:
        return not (_is_joined(before.removesuffix(_EMOJI_STYLE)[-1:]) and _is_joined(after))
    if one == _EMOJI_STYLE:
        return not (_is_styled(before[-1:]) or after == _KEYCAP)
    category = unicodedata.category(one)
    return (
        category in _REFUSED_CATEGORIES
        or one in _BLANK
        or any(ord(one) in selectors for selectors in _VARIATION_SELECTORS)
        or (category != "Zs" and unicodedata.decomposition(one).startswith(_FORMS))
    )


def _is_joined(one: str) -> bool:
    return bool(one) and (one in _JOINED or (ord(one) in _EMOJI and unicodedata.category(one)[0] == "S"))


def _is_styled(one: str) -> bool:
    if not one:
        return False
    return one in _STYLED or (ord(one) >= _FIRST_STYLED and unicodedata.category(one)[0] in "SP")
