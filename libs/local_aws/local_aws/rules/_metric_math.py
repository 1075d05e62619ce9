"""Metric math, as far as alarms of ours use it: `FILL`, `IF`, `DIFF`, numbers, comparisons, `AND` and `OR`.

A series holds its values by period, 0 for the one that ends now; a period without data is left out.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Series = Mapping[int, float]

_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
}


class UnsupportedExpressionError(ValueError):
    """An expression is malformed, or uses what this evaluation does not know."""


def parse(expression: str) -> ast.expr:
    """Return the syntax of an expression.

    Raises:
        UnsupportedExpressionError: It is none.
    """
    # The words of metric math are Python's in capitals, and so is its precedence.
    text = re.sub(r"\b(AND|OR)\b", lambda word: word[0].lower(), expression)
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise UnsupportedExpressionError(f"not a math expression: {expression}") from error


def ids_in(tree: ast.expr) -> set[str]:
    """Return the metrics that an expression names."""
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions}


def value(tree: ast.expr, series: Mapping[str, Series], period: int) -> float | None:
    """Return the value of an expression in a period, or None where an operand has no data.

    Raises:
        UnsupportedExpressionError: The expression uses something else.
    """
    found: float | None
    match tree:
        case ast.Constant(value=int() | float() as number):
            found = float(number)
        case ast.Name(id=name):
            found = series.get(name, {}).get(period)
        case (
            ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right])
        ) if type(op) in _OPERATORS:
            found = _combined(op, value(left, series, period), value(right, series, period))
        case ast.BoolOp(op=op, values=parts):
            known = [value(part, series, period) for part in parts]
            found = None if None in known else float((all if isinstance(op, ast.And) else any)(known))
        case ast.Call(func=ast.Name(id="FILL"), args=[filled, ast.Constant(value=int() | float() as number)]):
            found = value(filled, series, period)
            found = float(number) if found is None else found
        case ast.Call(func=ast.Name(id="DIFF"), args=[differing]):
            found = _combined(
                ast.Sub(), value(differing, series, period), value(differing, series, period + 1)
            )
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            met = value(condition, series, period)
            found = None if met is None else value(then if met else otherwise, series, period)
        case _:
            raise UnsupportedExpressionError(f"metric math that is not known here: {ast.unparse(tree)}")
    return found


def _combined(op: ast.AST, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    if isinstance(op, ast.Div) and not right:
        return None
    return float(_OPERATORS[type(op)](left, right))
