"""The difference between a checkout and a stage, as lines and as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from stagectl.diff.iam_diff import Kind, PermissionChange
from stagectl.diff.iam_statements import Names, Statement
from stagectl.diff.stage_diff import ServiceDiff
from stagectl.diff.template_diff import Change, PropertyChange, ResourceChange

_MARKS = {Change.ADDED: "+", Change.REMOVED: "-", Change.REPLACED: "-/+", Change.CHANGED: "~"}
_STYLES = {"+": "green", "-": "red", "-/+": "bold red", "~": "yellow", "!": "bold red"}
_PERMISSION_MARKS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.NARROWED: "-", Kind.WIDENED: "!"}
_LONGEST_VALUE = 100


def lines(diffs: Sequence[ServiceDiff]) -> Iterator[Text]:
    """Yield the report by lines: each service and what changes in it; `!` marks wider permissions."""
    for diff in diffs:
        yield Text(f"{diff.service}: {_headline(diff)}", style="dim" if diff.is_empty else "bold")
        for resource in diff.template.resources:
            yield from _resource(resource)
        if diff.code:
            yield _line("~", f"code of {', '.join(code.function for code in diff.code)}")
        for title in ("parameter", "condition", "output"):
            for change in getattr(diff.template, f"{title}s"):
                yield _line(_mark(change), f"{title} {_property(change)}")
        for permission in diff.permissions:
            yield _permission(permission)
    yield Text(summary(diffs))


def summary(diffs: Sequence[ServiceDiff]) -> str:
    """Return the report in one sentence or two."""
    changed = [diff for diff in diffs if not diff.is_empty]
    if not changed:
        return "Nothing would change."
    resources = [one.change for diff in changed for one in diff.template.resources]
    counts = [f"{resources.count(kind)} {kind}" for kind in Change if kind in resources]
    code = sum(len(diff.code) for diff in changed)
    wider = sum(one.is_wider for diff in changed for one in diff.permissions)
    permissions = sum(len(diff.permissions) for diff in changed)
    told = [f"{len(changed)} of {len(diffs)} services would change"]
    told += [f"resources: {', '.join(counts)}"] if counts else []
    told += [f"code of {code} functions"] if code else []
    told += [f"{permissions} permissions, {wider} of them wider (!)"] if permissions else []
    return "; ".join(told) + "."


def document(stage: str, diffs: Sequence[ServiceDiff]) -> dict[str, Any]:
    """Return the difference as it is printed as JSON."""
    return {
        "stage": stage,
        "changes": any(not diff.is_empty for diff in diffs),
        "widened": sum(one.is_wider for diff in diffs for one in diff.permissions),
        "services": [
            {
                "service": diff.service,
                "isNew": diff.is_new,
                "resources": [
                    {
                        "logicalId": one.logical_id,
                        "type": one.type,
                        "change": one.change,
                        "replacedFor": list(one.replaced_for),
                        "properties": [_property_document(change) for change in one.properties],
                    }
                    for one in diff.template.resources
                ],
                "code": [vars(one) for one in diff.code],
                "parameters": [_property_document(one) for one in diff.template.parameters],
                "conditions": [_property_document(one) for one in diff.template.conditions],
                "outputs": [_property_document(one) for one in diff.template.outputs],
                "permissions": [_permission_document(one) for one in diff.permissions],
            }
            for diff in diffs
        ],
    }


def sentence(statement: Statement) -> str:
    """Return a statement as one line."""
    words = ["allows" if statement.allows else "denies"]
    if statement.principals.patterns:
        words.append(_named(statement.principals))
    words.append(_named(statement.actions))
    if statement.resources.patterns:
        words += ["on", _named(statement.resources)]
    conditions = [
        f"{key} {operator} {', '.join(sorted(values))}"
        for operator, key, values in sorted(statement.condition, key=str)
    ]
    if conditions:
        words += ["when", " and ".join(conditions)]
    return " ".join(words)


def _headline(diff: ServiceDiff) -> str:
    if diff.is_new:
        return "not there yet"
    return "no change" if diff.is_empty else "changes"


def _resource(resource: ResourceChange) -> Iterator[Text]:
    yield _line(_MARKS[resource.change], f"{resource.type} {resource.logical_id}")
    for change in resource.properties:
        replaced = "  (replaces it)" if change.path in resource.replaced_for else ""
        yield Text(f"        {_property(change)}{replaced}")


def _permission(change: PermissionChange) -> Text:
    mark = "!" if change.is_wider else _PERMISSION_MARKS[change.kind]
    why = f"  ({', '.join(change.reasons)})" if change.reasons else ""
    verb = {Kind.REMOVED: "no more ", Kind.NARROWED: "less: "}.get(change.kind, "")
    return _line(mark, f"{change.holder} {verb}{sentence(change.statement)}{why}")


def _line(mark: str, told: str) -> Text:
    return Text.assemble("  ", (f"{mark:<4}", _STYLES[mark]), told)


def _mark(change: PropertyChange) -> str:
    if change.before is None:
        return "+"
    return "-" if change.after is None else "~"


def _property(change: PropertyChange) -> str:
    if change.before is None:
        return f"{change.path}: {_value(change.after)}"
    if change.after is None:
        return f"{change.path}: no more {_value(change.before)}"
    return f"{change.path}: {_value(change.before)} -> {_value(change.after)}"


def _value(value: Any) -> str:
    shown = value if isinstance(value, str) else json.dumps(value)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"


def _named(names: Names) -> str:
    listed = ", ".join(sorted(names.patterns))
    return f"all but {listed}" if names.all_but else listed


def _property_document(change: PropertyChange) -> dict[str, Any]:
    return {"path": change.path, "before": change.before, "after": change.after}


def _permission_document(change: PermissionChange) -> dict[str, Any]:
    statement = change.statement
    return {
        "holder": change.holder,
        "change": change.kind,
        "wider": change.is_wider,
        "reasons": list(change.reasons),
        "effect": "Allow" if statement.allows else "Deny",
        **{
            name: {"allBut" if names.all_but else "names": sorted(names.patterns)}
            for name, names in (
                ("principals", statement.principals),
                ("actions", statement.actions),
                ("resources", statement.resources),
            )
        },
        "condition": [
            {"operator": operator, "key": key, "values": sorted(values)}
            for operator, key, values in sorted(statement.condition, key=str)
        ],
    }
