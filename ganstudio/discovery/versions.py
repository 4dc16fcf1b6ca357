"""Plugin versions: whether a plugin was written for the plugin API of this studio. It loads no plugin.

A module says so in a line of its own: ``ganstudio_api = "1"``, ``"1.2"`` or a range such as ``">=1, <3"``.
"""

import ast
import operator
import re

from ganstudio.api import API_VERSION

NAME = "ganstudio_api"

_COMPARE = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_PART = re.compile(r"(>=|<=|==|!=|>|<)?\s*(\d+)(?:\.(\d+))?")


def stated_version(source: bytes) -> object | None:
    """Return what a module's source gives as its version of the API, unexecuted; or ``None``."""
    if NAME.encode() not in source:
        return None
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(_is_named(target) for target in node.targets):
            return node.value.value if isinstance(node.value, ast.Constant) else None
    return None


def version_problem(stated: object) -> str:
    """Return why a plugin that states this cannot be used here, and what to do; empty when it can."""
    parts = [_PART.fullmatch(part.strip()) for part in stated.split(",")] if isinstance(stated, str) else []
    if not parts or not all(parts):
        return f'{NAME} = {stated!r} is no version of the plugin API, such as "1", "1.2" or ">=1, <3".'
    if all(_holds(part) for part in parts if part):
        return ""
    return (
        f"It was written for version {stated} of the plugin API, and this studio has {API_VERSION}. "
        "Install a version of the plugin that goes with it, or another version of the studio."
    )


def _holds(part: re.Match[str]) -> bool:
    sign, major, minor = part.groups()
    here = _numbers(API_VERSION)
    if sign is None:
        # Within one major version nothing is taken away.
        return here[0] == int(major) and here[1] >= int(minor or 0)
    if minor is None:
        return bool(_COMPARE[sign](here[0], int(major)))
    return bool(_COMPARE[sign](here, (int(major), int(minor))))


def _numbers(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)


def _is_named(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == NAME
