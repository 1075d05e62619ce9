import pytest

from service_kit.http import is_known

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
