"""The places of a name: what follows each of its characters, by which it is found by any part of it.

Sorted places that begin with a text are next to each other, so finding names costs as much as there are, and
nothing for all the others. “Pizza Planet” is found by “planet” at its place `planet` and by “an” at `anet`.
"""

import unicodedata

from restaurants.domain.models import theme_key

MAX_CHARS = 40
"""How much of what follows is in a place: a sort key has at most 1,024 bytes, and the name is in it too."""
# Sorts before every character of names, and is in none.
_BEFORE_NAME = "\x1f"
_CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"
# Accents, and what makes a sign an emoji.
_UNCOMPARED = frozenset({*map(chr, range(0x300, 0x370)), "\ufe0f"})


def search_key(text: str) -> str:
    """Return the form in which parts of names are compared, without case, accents and curly apostrophes."""
    letters = unicodedata.normalize("NFD", theme_key(text.replace(_CURLY, "'")))
    return unicodedata.normalize("NFC", "".join(one for one in letters if one not in _UNCOMPARED))


def places_in(name: str) -> list[str]:
    """Return all places of a name, sorted; none begins with a space, since no text does."""
    key = search_key(name)
    return sorted({_place(key, at, name) for at, one in enumerate(key) if one != " "})


def name_at(place: str) -> str:
    """Return the name that a place is in."""
    return place.partition(_BEFORE_NAME)[2]


def start_of_places(key: str) -> str:
    """Return what the places of a search key begin with."""
    return key[:MAX_CHARS]


def is_first_place(place: str, key: str) -> bool:
    """Return whether a place is the first one of a search key in its name."""
    name = name_at(place)
    text = search_key(name)
    at = text.find(key)
    return at >= 0 and place == _place(text, at, name)


def _place(key: str, at: int, name: str) -> str:
    return f"{key[at : at + MAX_CHARS]}{_BEFORE_NAME}{name}"
