"""Help text: the ``{…}`` of a setting's help, worked out from the values of the settings beside it.

``{width}`` is a value, ``{inner.width}`` one of nested settings, ``{2 * width}`` arithmetic with them. It
knows names and numbers alone: no functions are called, and nothing else is looked up.
"""

import ast
import operator
import re
from collections.abc import Mapping
from typing import Any

_BRACES = re.compile(r"\{([^{}]+)\}")
_LARGEST = 1e15
_OPERATORS: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def has_values(text: str) -> bool:
    """Say whether there is anything in a help text to work out."""
    return _BRACES.search(text) is not None


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """Return a help text with its values; what cannot be worked out stays as it is written."""
    return _BRACES.sub(lambda found: _worked_out(found, values), text)


def _worked_out(found: re.Match[str], values: Mapping[str, Any]) -> str:
    try:
        value = _value(ast.parse(found[1].strip(), mode="eval").body, values)
    except (SyntaxError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        return found[0]
    return _shown(value)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Attribute(value=inner, attr=name):
            return _value(inner, values)[name]
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_number(_value(inner, values))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _number(
                _OPERATORS[type(sign)](_number(_value(left, values)), _number(_value(right, values)))
            )
    raise ValueError("neither a value nor arithmetic")


def _number(value: Any) -> int | float:
    if type(value) not in (int, float) or abs(value) > _LARGEST:
        raise ValueError("no number to do arithmetic with")
    number: int | float = value
    return number


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
