import re
import unicodedata
from typing import Annotated

import pytest
from pydantic import StringConstraints, TypeAdapter, ValidationError

from service_kit.names import PATH_SEGMENT, VISIBLE_TEXT

NAME = TypeAdapter(
    Annotated[str, StringConstraints(min_length=1, max_length=100), VISIBLE_TEXT, PATH_SEGMENT]
)


def fault_of(name: str) -> str:
    with pytest.raises(ValidationError) as caught:
        NAME.validate_python(name)
    [fault] = caught.value.errors()
    return str(fault["msg"])


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Fangtasia",
            "Freddy's BBQ Joint",
            "Café & Bar",
            "100% Pizza",
            "100%Beef",
            "#?",
            "..;",
            "...",
            "'--",
        ),
        *(
            "Đồng Quê",
            "東京ラーメン",
            "مطعم",
            "हिन्दी भोजन",
            "Straße",
            "Ωmega",
            "½ Pint",
            "50°",
            "Bar™",
            "a+b",
            "%41",
        ),
        *(
            "☕️ Bar",
            "☕ Bar",
            "❤️",
            "👨‍👩‍👧",
            "👩🏽‍🍳",
            "🏳️‍🌈",
            "❤️‍🔥",
            "🙂‍↔️",
            "🐈‍⬛",
            "1️⃣ One",
            "🍔",
            "🇮🇹",
            "©️",
            "‼️",
        ),
    ],
)
def test_a_name_that_people_write_is_kept(name: str) -> None:
    assert NAME.validate_python(name) == name


@pytest.mark.parametrize("name", ["Café Ångström", "Đồng Quê", "각하", "가게"])
def test_a_decomposed_name_is_the_composed_one(name: str) -> None:
    assert NAME.validate_python(unicodedata.normalize("NFD", name)) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("blank", [" ", "  ", "\u00a0", "\u2003", "\u3000", "\u202f", " \u00a0 "])
def test_every_blank_is_one_space_inside_and_none_at_the_edges(blank: str) -> None:
    assert NAME.validate_python(f"{blank}Pizza{blank}Planet{blank}") == "Pizza Planet"


@pytest.mark.parametrize("name", ["", " ", "\u00a0\u3000"])
def test_nothing_but_blanks_is_no_name(name: str) -> None:
    assert "at least 1 character" in fault_of(name)


@pytest.mark.parametrize(
    "code",
    [
        *(0x00, 0x09, 0x0A, 0x0D, 0x1F, 0x7F, 0x85, 0x9F),  # controls
        *(
            0xAD,
            0x061C,
            0x180E,
            0x200B,
            0x200C,
            0x200D,
            0x2060,
            0x2061,
            0x2064,
            0xFEFF,
            0x1BCA0,
        ),  # zero-width
        *(0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069),  # bidirectional
        *(0x2028, 0x2029),  # separators of lines and paragraphs
        *(0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x10FFFF),  # no characters
        *(0x0378, 0x2065, 0xFFF0, 0xE0FFF),  # unassigned
        *(0xE000, 0xF8FF, 0xF0000, 0x100000),  # private use
        *(0xD800, 0xDFFF),  # halves of characters
        *(0xE0001, 0xE0041, 0xE007F),  # tags
        *(0x180B, 0x180F, 0xFE00, 0xFE0E, 0xFE0F, 0xE0100, 0xE01EF),  # variation selectors
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x2800, 0x3164, 0xFFA0, 0x1D159),  # blank letters and symbols
        *(0xFFF9, 0xFFFC, 0xFFFD),  # what stands for something else
        *(0xFF26, 0xFF0E, 0xFF0F, 0xFF71, 0xFFE0, 0x1D4DF, 0x1D7D8),  # other widths and alphabets
    ],
    ids=hex,
)
def test_an_invisible_character_is_refused_and_named(code: int) -> None:
    for name in (chr(code), f"a{chr(code)}b", f"{chr(code)}ab", f"ab{chr(code)}"):
        assert f"U+{code:04X}" in fault_of(name)


@pytest.mark.parametrize(
    "name",
    [
        "☕\u200d",
        "\u200d☕",
        "a\u200d☕",
        "☕\u200da",
        "+\u200d+",
        "👨\u200d\u200d👩",
        "☕\ufe0f\ufe0f",
        "a\ufe0f",
        "1\ufe0f",
    ],
)
def test_what_joins_and_styles_emoji_is_refused_elsewhere(name: str) -> None:
    assert "U+" in fault_of(name)


def test_a_length_is_that_of_the_composed_name() -> None:
    longest = unicodedata.normalize("NFD", "ệ" * 100)
    assert len(longest) == 300
    assert NAME.validate_python(longest) == "ệ" * 100
    assert "at most 100 characters" in fault_of(longest + "x")


def test_the_longest_name_is_a_sort_key_of_dynamodb() -> None:
    assert len(NAME.validate_python("🍔" * 100).encode()) <= 1024


@pytest.mark.parametrize(
    "name",
    [
        *(".", "..", " .. ", "/", "a/b", "a//b", "../x", "\\", "a\\b", "%2F", "a%2fb", "%252F", "%5C"),
        *("%2e", "%2e%2E", ".%2e", "%25252e%25252e"),
    ],
)
def test_a_name_that_is_another_place_in_a_path_is_refused(name: str) -> None:
    assert "slash" in fault_of(name)


@pytest.mark.parametrize("given", [7, None, ["Fangtasia"], {}])
def test_what_is_no_text_is_left_to_its_type_to_refuse(given: object) -> None:
    with pytest.raises(ValidationError, match="valid string"):
        NAME.validate_python(given)


def test_the_form_of_a_text_is_documented() -> None:
    text = TypeAdapter(Annotated[str, VISIBLE_TEXT])
    assert text.validate_python(" Lil'  Bits ") == "Lil' Bits"
    schema = text.json_schema()
    assert schema["type"] == "string"
    pattern = re.compile(schema["pattern"])
    assert pattern.search("Lil' Bits")
    assert not pattern.search("\x00")


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        (
            "a\u200bb\u0000",
            "visible_text",
            "Input should have no control, invisible, unassigned or full-width characters: U+0000, U+200B",
        ),
        (
            "..",
            "path_segment",
            "Input should be more than dots and have no slash, backslash or code for one",
        ),
    ],
)
def test_what_is_wrong_with_a_name_is_told(name: str, kind: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        NAME.validate_python(name)
    (fault,) = caught.value.errors()
    assert (fault["type"], fault["msg"]) == (kind, message)
