"""Messages for names that do not exist, with those that may have been meant."""

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_LISTED = 20
_NEARLY_EQUAL, _CLOSE = 0.9, 0.8


def unknown(kind: str, name: str, known: Iterable[str], *, where: str = "") -> str:
    """Return the message, such as: There is no service order. Did you mean orders? Services: auth, orders.

    Args:
        kind: What the name would name, such as `service`.
        name: What was written.
        known: The names that exist. Of a long list, only close ones are shown, or the first.
        where: Where it was looked for, such as ` on stage dev`.
    """
    names = list(known)
    text = " ".join(filter(None, (f"There is no {kind} {name}{where}.", did_you_mean(name, names))))
    if len(names) > _MOST_LISTED and text.endswith("?"):
        return text
    listed = ", ".join(names[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")
    return f"{text} {kind[0].upper()}{kind[1:]}s: {listed or 'none'}."


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `Did you mean orders?` for a mistyped name; empty when no known name is close."""
    by_key = {one.casefold(): one for one in known}
    key = name.casefold()
    close = (
        get_close_matches(key, by_key, cutoff=_NEARLY_EQUAL)
        or get_close_matches(key, by_key, cutoff=_CLOSE)
        or get_close_matches(key, by_key, n=1)
        or [one for one in by_key if key and key in one][:1]
    )
    return f"Did you mean {' or '.join(by_key[one] for one in close)}?" if close else ""
