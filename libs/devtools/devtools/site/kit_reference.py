"""The reference of service_kit, from its docstrings and signatures, which are read and not imported."""

from collections.abc import Iterator
from pathlib import Path

import griffe

from devtools.site.tables import table

PAGE = "reference/service_kit.md"
_PACKAGE = "service_kit"
_INTRODUCTION = """\
# service_kit

Made from the docstrings of the modules' public names. What it is for and how its parts fit together:
[README](../libs/service_kit/README.md).
"""


def page(root: Path) -> str:
    """Return the page."""
    folder = root / "libs" / _PACKAGE
    package = griffe.load(
        _PACKAGE,
        search_paths=[folder],
        docstring_parser=griffe.Parser.google,
        docstring_options={"warnings": False},
        resolve_aliases=True,
    )
    if not isinstance(package, griffe.Module):
        raise TypeError(f"{folder} holds no package")
    return "\n".join([_INTRODUCTION, *_modules(package)])


def _modules(package: griffe.Module) -> Iterator[str]:
    for name, module in sorted(package.modules.items()):
        if name.startswith("_"):
            continue
        members = [(one, member) for one, member in module.members.items() if _is_shown(module, member)]
        if members:
            yield f"## {module.path}\n"
            yield from _docstring(module)
        for one, member in members:
            yield from _member(one, member)
        if not module.exports:
            yield from _modules(module)


def _is_shown(module: griffe.Module, member: griffe.Object | griffe.Alias) -> bool:
    """Return whether a member is one of a module's face: in `__all__`, or public and defined there."""
    if module.exports is not None:
        return member.name in module.exports and not member.is_module
    return not (member.is_alias or member.is_module or member.name.startswith("_"))


def _member(name: str, member: griffe.Object | griffe.Alias) -> Iterator[str]:
    if not member.docstring:
        return
    yield f"### {name}\n"
    if member.is_function or member.is_class:
        yield f"```python\n{_signature(name, member)}\n```\n"
    yield from _docstring(member)
    if member.is_class:
        for inner, method in member.members.items():
            if method.is_function and not inner.startswith("_") and method.docstring:
                yield f"`{_signature(inner, method)}`: {method.docstring.value.splitlines()[0]}\n"


def _signature(name: str, member: griffe.Object | griffe.Alias) -> str:
    target = member.final_target if isinstance(member, griffe.Alias) else member
    if not isinstance(target, griffe.Function | griffe.Class):
        raise TypeError(f"{target.path} takes no arguments")
    parameters = [_parameter(one) for one in target.parameters if one.name not in {"self", "cls"}]
    shown = f"{name}({', '.join(parameters)})"
    if isinstance(target, griffe.Class):
        return f"class {shown}"
    return f"{shown} -> {target.returns}" if target.returns else shown


def _parameter(parameter: griffe.Parameter) -> str:
    stars = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
    star = stars.get(parameter.kind, "") if parameter.kind else ""
    annotation = f": {parameter.annotation}" if parameter.annotation else ""
    default = f" = {parameter.default}" if parameter.default and not star else ""
    return f"{star}{parameter.name}{annotation}{default}"


def _docstring(member: griffe.Object | griffe.Alias) -> Iterator[str]:
    for section in member.docstring.parsed if member.docstring else ():
        if isinstance(section, griffe.DocstringSectionText):
            yield f"{section.value}\n"
        elif isinstance(
            section,
            griffe.DocstringSectionParameters | griffe.DocstringSectionAttributes,
        ):
            yield from table(
                (section.kind.value.rstrip("s"), ""),
                [(f"`{one.name}`", one.description) for one in section.value],
            )
        elif isinstance(section, griffe.DocstringSectionRaises):
            rows = [(f"`{one.annotation}`", one.description) for one in section.value]
            yield from table(("raises", ""), rows)
