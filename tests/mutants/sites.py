"""Finds every rule of a module, and rewrites the module so that each can be switched off by its number.

A rule is

- a call of `refuse_unless`, or each part of its condition where that is an `and`: off, it refuses nothing;
- an `if` that does nothing but raise: off, it never does;
- a guard of a proposal's next step (`Guard(...)`): off, it holds at any time;
- a named predicate, a function that says True or False: it always says the one, and always the other.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

SWITCH = "__mutants__"
"""The name under which a rewritten module finds the switchboard (`switchboard.py`)."""


class Site(NamedTuple):
    """A rule that can be switched off: where it stands, its source in one line, and what off means."""

    file: str
    line: int
    source: str
    off: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.source}  [{self.off}]"


class Rewriter(ast.NodeTransformer):
    """Rewrites one module; `sites` grows by its rules, and a rule's number is its place in it."""

    def __init__(self, file: str, source: str, sites: list[Site]) -> None:
        self.file, self.source, self.sites = file, source, sites

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Calls of `refuse_unless` and of `Guard`."""
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "refuse_unless":
            if node.args:
                node.args[0] = self._lenient(node.args[0])
            for keyword in node.keywords:
                if keyword.arg == "condition":
                    keyword.value = self._lenient(keyword.value)
        elif name == "Guard":
            return _call("guard", self._site(node, "holds at any time"), node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        """An `if` that only raises."""
        self.generic_visit(node)
        if len(node.body) == 1 and isinstance(node.body[0], ast.Raise):
            off = _call("off", self._site(node.test, "never raises"))
            node.test = ast.BoolOp(ast.And(), [ast.UnaryOp(ast.Not(), off), node.test])
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function that says True or False."""
        self.generic_visit(node)
        if isinstance(node.returns, ast.Name) and node.returns.id == "bool":
            answers = [
                ast.If(
                    _call("off", self._site(node, f"always {answer}")),
                    [ast.Return(ast.Constant(answer))],
                    [],
                )
                for answer in (True, False)
            ]
            first = 1 if ast.get_docstring(node) is not None else 0
            node.body[first:first] = answers
        return node

    def _lenient(self, condition: ast.expr) -> ast.expr:
        if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
            return ast.BoolOp(ast.And(), [self._lenient(part) for part in condition.values])
        return ast.BoolOp(ast.Or(), [_call("off", self._site(condition, "refuses nothing")), condition])

    def _site(self, node: ast.AST, off: str) -> int:
        segment = ast.get_source_segment(self.source, node) or ""
        line = segment.splitlines()[0] if isinstance(node, ast.FunctionDef) else " ".join(segment.split())
        self.sites.append(Site(self.file, node.lineno, line[:100], off))  # type: ignore[attr-defined]
        return len(self.sites) - 1


def rewritten(file: str, source: str, sites: list[Site]) -> ast.Module:
    """The module with every rule on a switch."""
    tree = Rewriter(file, source, sites).visit(ast.parse(source))
    return ast.fix_missing_locations(tree)  # type: ignore[no-any-return]


def _call(method: str, number: int, *arguments: ast.expr) -> ast.Call:
    switch = ast.Attribute(ast.Name(SWITCH, ast.Load()), method, ast.Load())
    return ast.Call(switch, [ast.Constant(number), *arguments], [])
