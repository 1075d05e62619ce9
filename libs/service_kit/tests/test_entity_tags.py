import pytest

from service_kit.http import is_current, is_known

TAG = '"abc"'


@pytest.mark.parametrize(
    "header",
    [
        *('"abc"', ' "abc" ', 'W/"abc"', "*", " * "),
        *(
            '"x", "abc"',
            '"abc","x"',
            'W/"x",W/"abc"',
            '"x" ,\t"abc"',
            ', "abc",,',
            '"a,b", "abc"',
            '"", "abc"',
        ),
        *('nonsense, "abc"', '"abc", nonsense', '"é", "abc"'),
    ],
)
def test_a_tag_is_known_by_itself_in_a_list_weakly_or_as_anything(header: str) -> None:
    assert is_known(header, TAG)
    assert is_known(header, f"W/{TAG}")


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", " ", ",", '"x"', 'W/"x"', '"ABC"', '"abc ', "abc", "W/abc", '"abc', 'abc"', "'abc'"),
        *(
            'w/"abc"',
            'W/ "abc"',
            'W"abc"',
            '"abc"x',
            'x"abc"',
            '"abc" "x"',
            '""abc""',
            '"x,abc"',
            '*, "x"',
            "**",
        ),
        *('X"abc"', '"abc"X', '"abc"\x0b'),
        *('"a\tbc"', '"abc";q=1', '"x, "abc"'),
    ],
)
def test_another_tag_and_what_is_none_are_not_known(header: str | None) -> None:
    assert not is_known(header, TAG)


@pytest.mark.parametrize("header", [' "abc" ', "*", " * ", '"x", "abc"', 'W/"x",\t"abc"', 'x, "abc"'])
def test_a_tag_is_current_by_itself_in_a_list_or_as_anything(header: str) -> None:
    assert is_current(header, TAG)


@pytest.mark.parametrize("header", ["", ",", '"x"', "abc", '"ABC"', '"abc', '"x,abc"', '*, "x"', '"abc"x'])
def test_another_tag_and_what_is_none_are_not_current(header: str) -> None:
    assert not is_current(header, TAG)


@pytest.mark.parametrize(("header", "tag"), [(f"W/{TAG}", TAG), (TAG, f"W/{TAG}"), (f"W/{TAG}", f"W/{TAG}")])
def test_a_weak_tag_is_never_current(header: str, tag: str) -> None:
    assert not is_current(header, tag)


def test_anything_is_current_even_under_a_weak_tag_but_not_nothing() -> None:
    assert is_current("*", f"W/{TAG}")
    assert not is_current("*", None)
    assert not is_current(TAG, None)
