"""Which permissions a change adds, removes and widens."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from stagectl.diff.iam_statements import MANAGED_POLICY, Condition, Names, Statement

_ANYTHING = "*"
_IF_EXISTS = "IfExists"
_MORE_VALUES_ARE_WIDER = re.compile(r"(ForA(?:ny|ll)Values:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)$")
# A condition that names whom it lets in, such as an account, as AWS tells a public policy from another.
_SAYS_WHO = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "kms:calleraccount",
    }
)
_NAMES_SOMEBODY = re.compile(r"(ForAnyValue:)?((String|Arn)(Equals|Like|EqualsIgnoreCase)|IpAddress)")
_EVERY_VALUE = frozenset({_ANYTHING, "0.0.0.0/0", "::/0"})
_MORE_VALUES_ARE_NARROWER = re.compile(
    r"(ForA(?:ny|ll)Values:)?(String|Arn)Not(Equals|Like|EqualsIgnoreCase)$"
)


class Kind(StrEnum):
    """What happens to a permission."""

    ADDED = "added"
    WIDENED = "widened"
    REMOVED = "removed"
    NARROWED = "narrowed"


@dataclass(frozen=True)
class PermissionChange:
    """A permission that changes.

    Attributes:
        holder: What holds it, such as `role OrdersRole`.
        kind: What happens to it.
        statement: What is permitted afterwards; of what is removed, what was.
        reasons: Why it counts as wider; empty otherwise.
    """

    holder: str
    kind: Kind
    statement: Statement
    reasons: tuple[str, ...] = ()

    @property
    def is_wider(self) -> bool:
        """Whether more is permitted than before, beyond a new permission on named resources."""
        return bool(self.reasons)


def compare(
    before: Mapping[str, Sequence[Statement]], after: Mapping[str, Sequence[Statement]]
) -> list[PermissionChange]:
    """Return what changes in the permissions of each holder.

    Statements are compared by what they permit, not by their text: one that is split, merged or reordered
    changes nothing. What cannot be determined counts as wider.
    """
    changes: list[PermissionChange] = []
    for holder in sorted(before.keys() | after.keys()):
        old, new = before.get(holder, ()), after.get(holder, ())
        changes += _of_holder(holder, _single(old), _single(new))
    return changes


def _of_holder(holder: str, old: Sequence[Statement], new: Sequence[Statement]) -> list[PermissionChange]:
    given = [one for one in new if one.allows and not _is_covered(one, old)]
    forbidden_no_more = [one for one in old if not one.allows and not _is_covered(one, new)]
    taken = [one for one in old if one.allows and not _is_covered(one, new)]
    forbidden = [one for one in new if not one.allows and not _is_covered(one, old)]
    changes = [_given(holder, one, old) for one in given]
    changes += [
        PermissionChange(holder, Kind.WIDENED, one, ("is no longer denied",)) for one in forbidden_no_more
    ]
    changes += [
        PermissionChange(holder, Kind.NARROWED if _is_narrowed(one, new) else Kind.REMOVED, one)
        for one in taken
    ]
    changes += [PermissionChange(holder, Kind.NARROWED, one) for one in forbidden]
    return _grouped(changes)


def _given(holder: str, one: Statement, old: Sequence[Statement]) -> PermissionChange:
    allowed = [other for other in old if other.allows]
    widening = [reason for reason, holds in _WIDENING.items() if holds(one, allowed)]
    sweeping = [reason for reason, holds in _SWEEPING.items() if holds(one)]
    return PermissionChange(holder, Kind.WIDENED if widening else Kind.ADDED, one, (*widening, *sweeping))


def _is_new_action(one: Statement, old: Sequence[Statement]) -> bool:
    if any(_is_part(one, other) for other in old):
        return False
    return any(
        _covers(other.principals, one.principals)
        and (_covers(other.resources, one.resources) or _covers(one.resources, other.resources))
        and not _covers(_lower(other.actions), _lower(one.actions))
        and not _covers(_lower(one.actions), _lower(other.actions))
        for other in old
    )


def _is_broader_action(one: Statement, old: Sequence[Statement]) -> bool:
    return any(
        _lower(one.actions) != _lower(other.actions)
        and _covers(_lower(one.actions), _lower(other.actions))
        and (_covers(other.resources, one.resources) or _covers(one.resources, other.resources))
        for other in old
    )


def _is_broader_resource(one: Statement, old: Sequence[Statement]) -> bool:
    return any(
        one.resources != other.resources
        and _covers(one.resources, other.resources)
        and _covers(_lower(other.actions), _lower(one.actions))
        for other in old
    )


def _is_looser(one: Statement, old: Sequence[Statement]) -> bool:
    return any(_is_part(one, other) and not _is_as_strict(one.condition, other.condition) for other in old)


def _has_new_principal(one: Statement, old: Sequence[Statement]) -> bool:
    return any(
        not _covers(other.principals, one.principals)
        and _covers(_lower(other.actions), _lower(one.actions))
        and _covers(other.resources, one.resources)
        for other in old
    )


def _is_for_everyone(one: Statement) -> bool:
    return _names_anything(one.principals) and not any(_says_who(*part) for part in one.condition)


def _says_who(operator: str, key: str, values: frozenset[str]) -> bool:
    return bool(
        key.lower() in _SAYS_WHO and _NAMES_SOMEBODY.fullmatch(operator) and values.isdisjoint(_EVERY_VALUE)
    )


def _is_for_every_action(one: Statement) -> bool:
    every = (action == _ANYTHING or action.endswith(f":{_ANYTHING}") for action in one.actions.patterns)
    return any(every) and not one.actions.all_but


def _is_managed(one: Statement) -> bool:
    return any(action.startswith(MANAGED_POLICY) for action in one.actions.patterns)


def _is_turned_around(one: Statement) -> bool:
    return one.actions.all_but or one.resources.all_but or one.principals.all_but


_WIDENING: Mapping[str, Callable[[Statement, Sequence[Statement]], bool]] = {
    "new action": _is_new_action,
    "broader action": _is_broader_action,
    "broader resource": _is_broader_resource,
    "condition lost": _is_looser,
    "new principal": _has_new_principal,
}
_SWEEPING: Mapping[str, Callable[[Statement], bool]] = {
    "for everyone": _is_for_everyone,
    "every action": _is_for_every_action,
    "every resource": lambda one: _names_anything(one.resources),
    "a managed policy": _is_managed,
    "everything except what is named": _is_turned_around,
}


def _is_part(one: Statement, other: Statement) -> bool:
    """Return whether what one names is among what another names, whatever their conditions."""
    return (
        _covers(other.principals, one.principals)
        and _covers(_lower(other.actions), _lower(one.actions))
        and _covers(other.resources, one.resources)
    )


def _lower(actions: Names) -> Names:
    """Return actions in lower case: IAM ignores their case."""
    return Names(frozenset(pattern.lower() for pattern in actions.patterns), actions.all_but)


def _is_narrowed(old: Statement, new: Iterable[Statement]) -> bool:
    """Return whether a part of a removed permission still exists."""
    return any(one.allows and _is_part(one, old) for one in new)


def _is_covered(one: Statement, by: Iterable[Statement]) -> bool:
    return any(
        other.allows == one.allows and _is_part(one, other) and _is_as_strict(one.condition, other.condition)
        for other in by
    )


def _covers(wide: Names, narrow: Names) -> bool:
    """Return whether all that one names is named by another, as far as that can be told."""
    if wide == narrow:
        return True
    if wide.all_but and narrow.all_but:
        return all(_matches_any(name, narrow.patterns) for name in wide.patterns)
    if wide.all_but or narrow.all_but:
        return _names_anything(wide)
    if not wide.patterns or not narrow.patterns:
        return False
    return all(_matches_any(name, wide.patterns) for name in narrow.patterns)


def _matches_any(name: str, patterns: Iterable[str]) -> bool:
    return any(_expression(pattern).fullmatch(name) for pattern in patterns)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Return what a pattern of IAM matches, be it names or narrower patterns."""
    parts = {"*": ".*", "?": "[^*]"}
    # What CloudFormation fills in is no pattern, whatever stands in it.
    pieces = re.split(r"(\$\{[^}]*\}|[*?])", pattern)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces), re.DOTALL)


def _is_as_strict(new: Condition, old: Condition) -> bool:
    """Return whether a condition holds at most when another does."""
    return all(any(_implies(one, other) for one in new) for other in old)


def _implies(new: tuple[str, str, frozenset[str]], old: tuple[str, str, frozenset[str]]) -> bool:
    operator, key, values = new
    # The one with IfExists also holds where there is nothing to compare.
    if operator not in {old[0], old[0].removesuffix(_IF_EXISTS)} or key.lower() != old[1].lower():
        return False
    plain = operator.removesuffix(_IF_EXISTS)
    if _MORE_VALUES_ARE_WIDER.match(plain):
        is_like = plain.endswith("Like")
        return all(_matches_any(value, old[2]) if is_like else value in old[2] for value in values)
    if _MORE_VALUES_ARE_NARROWER.match(plain):
        return old[2] <= values
    return values == old[2]


def _names_anything(names: Names) -> bool:
    return not names.all_but and _ANYTHING in names.patterns


def _single(statements: Iterable[Statement]) -> list[Statement]:
    """Return statements that each name one principal, one action and one resource."""
    return [
        replace(one, principals=principal, actions=action, resources=resource)
        for one in statements
        for principal in _parts(one.principals)
        for action in _parts(one.actions)
        for resource in _parts(one.resources)
    ]


def _parts(names: Names) -> list[Names]:
    if names.all_but or len(names.patterns) <= 1:
        return [names]
    return [Names(frozenset({pattern})) for pattern in sorted(names.patterns)]


def _grouped(changes: Sequence[PermissionChange]) -> list[PermissionChange]:
    """Merge statements that differ in one element only, first in the actions, then in the resources."""
    by_action = _merged(changes, "actions")
    return _merged(by_action, "resources")


def _merged(changes: Sequence[PermissionChange], element: str) -> list[PermissionChange]:
    found: dict[PermissionChange, set[str]] = {}
    for one in changes:
        names: Names = getattr(one.statement, element)
        if names.all_but:
            found[one] = set()
        else:
            found.setdefault(_naming(one, element, frozenset()), set()).update(names.patterns)
    return [_naming(one, element, frozenset(names)) if names else one for one, names in found.items()]


def _naming(change: PermissionChange, element: str, patterns: frozenset[str]) -> PermissionChange:
    names = Names(patterns)
    if element == "actions":
        return replace(change, statement=replace(change.statement, actions=names))
    return replace(change, statement=replace(change.statement, resources=names))
