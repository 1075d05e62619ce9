"""What people chose, as tags and terminals take it."""

import re
import unicodedata

import pytest

from stagectl.terminal.outside_text import printable, tag_value, without_credentials

# IAM's, SSM's and CloudFormation's rule, as far as `re` can say it: \w has letters, digits and some marks.
LEGAL = re.compile(r"[\w .:/=+\-@]{1,256}")


@pytest.mark.parametrize(
    "text",
    [
        "feature/menu",
        "someone@example.com",
        "https://github.com/acme/shop.git",
        "Grüße/café 2",
        "日本語/ブランチ",
        "עברית",
        "never",
        "a_b=c+d",
        "x=012345678",
        "x=0123456789a",
        "x" * 256,
    ],
)
def test_what_aws_takes_stays_the_same(text: str) -> None:
    assert tag_value(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dependabot[bot]", "dependabot_bot=3aa597297d"),
        ("fix/#12 (menu)", "fix/_12 _menu=c946d6c53b"),
        ("a\nb\tc", "a_b_c=9f9a9ade26"),
        ("a[[]b", "a_b=5f129f9509"),
        ("X]", "X=a22411e05e"),
        ("cafe\u0301", "cafe=81ef060bcd"),
        ("\u202egnp.exe", "gnp.exe=30ea542085"),
        ("🍔", "=34c8a7c0b3"),
        ("\U0001d49c", "=62ed0ff971"),
        ("\udcff", "=8f1d0f9c88"),
        (" padded ", "padded=fcbb3c58e9"),
        ("x\u2028y", "x_y=1b7192a795"),
    ],
)
def test_what_aws_refuses_is_replaced_and_told_apart_by_a_hash(text: str, value: str) -> None:
    assert tag_value(text) == value


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_value_is_unknown(text: str) -> None:
    assert tag_value(text) == "unknown"


def test_a_long_text_is_cut_to_what_aws_takes() -> None:
    values = {tag_value("x" * 256 + end) for end in ("y", "z")}

    assert {len(value) for value in values} == {256}
    assert len(values) == 2


def test_no_text_passes_for_what_another_one_becomes() -> None:
    replaced = tag_value("dependabot[bot]")

    assert tag_value(replaced) not in {replaced, tag_value("dependabot_bot")}
    assert len({tag_value(text) for text in ("a[b", "a]b", "a(b", "a_b", "a__b", "a\nb", "a b")}) == 7


def test_every_value_is_legal() -> None:
    values = [tag_value(f"x{chr(code)}y") for code in range(0x3000)]

    assert [value for value in values if not LEGAL.fullmatch(value)] == []
    assert not any(unicodedata.category(character).startswith("M") for character in "".join(values))


SECRET = "ghp_EXAMPLE0000"


@pytest.mark.parametrize(
    ("address", "cleaned"),
    [
        (
            f"https://x-access-token:{SECRET}@github.com/acme/shop.git",
            "https://github.com/acme/shop.git",
        ),
        (f"https://{SECRET}@github.com/acme/shop", "https://github.com/acme/shop"),
        (f"https://{SECRET}:x-oauth-basic@github.com/a/b", "https://github.com/a/b"),
        (f"https://user:pa@{SECRET}@github.com/a/b", "https://github.com/a/b"),
        (f"https://user:pa/{SECRET}@github.com/a/b", "https://github.com/a/b"),
        (f"https://user:12/{SECRET}@github.com/a/b", "https://github.com/a/b"),
        (f"https://user:pa/@x/{SECRET}@github.com/a/b", "https://github.com/a/b"),
        (f"https://user:{SECRET}@github.com/a://b", "https://github.com/a://b"),
        (f"https://user:#{SECRET}@github.com/a/b", "https://github.com/a/b"),
        (f"https://user:?{SECRET}@github.com/a/b", "https://github.com/a/b"),
        (f"https://github.com/a/b?token={SECRET}", "https://github.com/a/b"),
        (f"https://github.com/a/b#{SECRET}", "https://github.com/a/b"),
        (f"https://user@host?token={SECRET}", "https://host"),
        (f"ssh://git:{SECRET}@github.com:22/a/b.git", "ssh://github.com:22/a/b.git"),
        (f"ssh://{SECRET}@[::1]:22/a/b.git", "ssh://[::1]:22/a/b.git"),
        (f"helper::https://user:{SECRET}@host/a", "helper::https://host/a"),
        (f"user:{SECRET}@github.com:a/b.git", "github.com:a/b.git"),
        (f"{SECRET}@github.com/a/b.git", "github.com/a/b.git"),
    ],
)
def test_an_address_loses_what_may_open_it(address: str, cleaned: str) -> None:
    assert without_credentials(address) == cleaned


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/shop.git",
        "https://host:8443/acme/shop",
        "https://github.com/acme/@scope/x",
        "https://[::1]:8443/a",
        "git@github.com:acme/shop.git",
        "git@github.com:acme/shop@v2.git",
        "ssh://git@github.com:22/a/b.git",
        "/srv/git/a@b.git",
        "../a@b",
        "acme/shop",
        "unknown",
        "",
    ],
)
def test_an_address_without_credentials_stays_the_same(address: str) -> None:
    assert without_credentials(address) == address


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\x9bb\x07", "a\\x9bb\\x07"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066a\u200bb", "\\u2066a\\u200bb"),
        ("a\u2028b", "a\\u2028b"),
        ("\udcff", "\\udcff"),
        ("a\rb", "a\\rb"),
        ("a\r\nb", "a\nb"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("Grüße 🍔 日本 [bold]", "Grüße 🍔 日本 [bold]"),
    ],
)
def test_what_would_steer_a_terminal_is_shown_as_an_escape(text: str, printed: str) -> None:
    assert printable(text) == printed
