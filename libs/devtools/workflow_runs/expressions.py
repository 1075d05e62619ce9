"""GitHub's expressions, as far as the workflows here use them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Contexts = Mapping[str, Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<operator>&&|\|\||==|!=|[!()\[\].,]))"
)
_EMBEDDED = re.compile(r"\$\{\{((?:(?!\}\}).)*)\}\}", re.DOTALL)
_LITERALS = {"true": True, "false": False, "null": None}


def evaluate(text: str, contexts: Contexts) -> Any:
    """Evaluate what stands in an `if`, with or without its braces; statuses are functions in the contexts."""
    whole = _EMBEDDED.fullmatch(text.strip())
    return _Parser(whole[1] if whole else text, contexts).whole()


def fill(template: Any, contexts: Contexts) -> Any:
    """Replace the expressions in a value; one that is nothing but an expression keeps its type."""
    if not isinstance(template, str):
        return template
    if _EMBEDDED.fullmatch(template.strip()):
        return evaluate(template, contexts)
    return _EMBEDDED.sub(lambda found: as_text(evaluate(found[1], contexts)), template)


def as_text(value: Any) -> str:
    """Write a value as GitHub does into variables."""
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool) else str(value)


class _Parser:
    def __init__(self, text: str, contexts: Contexts) -> None:
        self._tokens = _split(text)
        self._contexts = contexts

    def whole(self) -> Any:
        value = self._either()
        assert not self._tokens, f"not understood: {self._tokens}"
        return value

    def _either(self) -> Any:
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._comparison()
        while self._take("&&"):
            other = self._comparison()
            value = value and other
        return value

    def _comparison(self) -> Any:
        value = self._negation()
        for operator, is_equal in (("==", True), ("!=", False)):
            if self._take(operator):
                return _same(value, self._negation()) is is_equal
        return value

    def _negation(self) -> Any:
        return not self._negation() if self._take("!") else self._access()

    def _access(self) -> Any:
        value = self._primary()
        while True:
            if self._take("."):
                value = _property(value, self._tokens.pop(0)[1])
            elif self._take("["):
                value = _property(value, self._either())
                assert self._take("]")
            else:
                return value

    def _primary(self) -> Any:
        if self._take("("):
            value = self._either()
            assert self._take(")")
            return value
        kind, text = self._tokens.pop(0)
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text) if "." in text else int(text)
        assert kind == "name", text
        if self._take("("):
            return self._call(text)
        if text in _LITERALS:
            return _LITERALS[text]
        assert text in self._contexts, f"there is no context {text} here"
        return self._contexts[text]

    def _call(self, name: str) -> Any:
        arguments = []
        while not self._take(")"):
            arguments.append(self._either())
            self._take(",")
        function: Callable[..., Any] = _FUNCTIONS.get(name) or self._contexts[f"{name}()"]
        return function(*arguments)

    def _take(self, operator: str) -> bool:
        if self._tokens[:1] == [("operator", operator)]:
            del self._tokens[0]
            return True
        return False


def _split(text: str) -> list[tuple[str, str]]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        assert found, f"not an expression: {text[position:]}"
        tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
        position = found.end()
    return tokens


def _property(value: Any, name: Any) -> Any:
    """Return a property; names ignore case, and a missing one is null."""
    if isinstance(value, list) and isinstance(name, int):
        return value[name] if name < len(value) else None
    if not isinstance(value, Mapping):
        return None
    return next((found for key, found in value.items() if str(key).lower() == str(name).lower()), None)


def _same(one: Any, other: Any) -> bool:
    one, other = ("" if value is None else value for value in (one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return bool(one == other)


def _contains(where: Sequence[Any], what: Any) -> bool:
    return any(_same(item, what) for item in where) if isinstance(where, list) else as_text(what) in where


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "contains": _contains,
    "format": lambda template, *values: template.format(*map(as_text, values)),
    "fromJSON": json.loads,
    "startsWith": lambda text, beginning: as_text(text).lower().startswith(as_text(beginning).lower()),
    "hashFiles": lambda *_patterns: "a1b2",
}
