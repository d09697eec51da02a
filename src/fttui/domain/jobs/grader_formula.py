"""The arithmetic of a multi grader, checked before it is sent."""

from __future__ import annotations

import ast
import re
from collections.abc import Set

FUNCTIONS = ("min", "max", "abs", "floor", "ceil", "exp", "sqrt", "log")
"""What a formula may call (OpenAI's graders guide, 2026-11-20)."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd)


def is_name(text: str) -> bool:
    """Whether a formula can use a text as a name."""
    return _NAME.fullmatch(text) is not None and text not in FUNCTIONS


def problem_of(formula: object, names: Set[str]) -> str:
    """What is wrong with a formula, in a sentence; empty when nothing is.

    Args:
        formula: such as ``0.6 * exact + 0.4 * max(judge, 0.5)``.
        names: the graders it may name.
    """
    if not isinstance(formula, str):
        return "is text"
    try:
        # Only read, never run; the power sign of formulas is Python's exclusive or.
        tree = ast.parse(formula.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "is not arithmetic"
    used: set[str] = set()
    for node in ast.walk(tree.body):
        problem = _node_problem(node, names, used)
        if problem:
            return problem
    unused = sorted(names - used)
    return f"does not use {unused[0]}" if unused else ""


def _node_problem(node: ast.AST, names: Set[str], used: set[str]) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
            return ""
        case ast.Call():
            return f"may call {', '.join(FUNCTIONS)} only"
        case ast.Name(id=name):
            used.add(name)
            return "" if name in names or name in FUNCTIONS else f"names {name}, and there is no such grader"
        case ast.Constant(value=bool()) | ast.Constant(value=str()):
            return "holds something that is not a number"
        case ast.Constant(value=int()) | ast.Constant(value=float()) | ast.BinOp() | ast.UnaryOp() | ast.Load():
            return ""
        case ast.operator() | ast.unaryop():
            return "" if isinstance(node, _OPERATORS) else "uses something other than + - * / ^"
        case _:
            return "is not arithmetic"
