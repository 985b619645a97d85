"""The pure packages take values and return values: what the import contracts cannot see.

`.importlinter` says which modules may be imported; this looks at what is called, so that a clock, a
file, the environment or a source of randomness cannot come in through a module that is allowed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = ("policies", "governance", "evaluations")
ENGINES = ROOT / "evaluations" / "engines"  # the one impure corner: it runs models

BUILTINS = frozenset({"open", "print", "input", "breakpoint", "exec", "eval", "__import__"})
MODULES = frozenset(
    {"os", "io.open", "pathlib.Path", "random", "secrets", "shutil", "socket", "subprocess", "sys.argv"}
    | {
        "sys.stderr",
        "sys.stdin",
        "sys.stdout",
        "tempfile",
        "time",
        "urllib.request",
        "uuid.uuid1",
        "uuid.uuid4",
    }
    | {"datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow"}
    | {"numpy.fromfile", "numpy.load", "numpy.loadtxt", "numpy.memmap", "numpy.save", "numpy.savetxt"}
)
# Methods of paths and files, whatever the value is called that has them.
METHODS = frozenset(
    {"iterdir", "mkdir", "read_bytes", "read_text", "rglob", "rmdir", "touch", "unlink", "write_bytes"}
    | {"write_text"}
)
# Generators are pure when they are given their seed.
SEEDED = frozenset({"numpy.random.default_rng", "numpy.random.RandomState", "numpy.random.SeedSequence"})


def impurities(source: str) -> Iterator[tuple[int, str]]:
    """The lines of a module that act, or take what was not given to them, with what they use."""
    tree = ast.parse(source)
    names = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, name) for name in _dotted_imports(node) if _forbidden(name))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in BUILTINS and node.id not in names:
                yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            dotted = _resolved(node, names)
            if dotted is not None and _forbidden(dotted):
                yield node.lineno, dotted
        if isinstance(node, ast.Call):
            yield from _call(node, names)


def _call(node: ast.Call, names: dict[str, str]) -> Iterator[tuple[int, str]]:
    dotted = _resolved(node.func, names)
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and not _forbidden(dotted or ""):
        yield node.lineno, f".{node.func.attr}"
    elif (
        dotted is not None and dotted.startswith("numpy.random.") and (dotted not in SEEDED or not node.args)
    ):
        yield node.lineno, dotted


def _forbidden(dotted: str) -> bool:
    parts = dotted.split(".")
    return any(".".join(parts[:length]) in MODULES for length in range(1, len(parts) + 1))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What the names bound by imports stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                # Without "as" an import binds the first part of the dotted name only.
                bound = alias.asname or alias.name.partition(".")[0]
                yield bound, alias.name if alias.asname else bound
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _dotted_imports(node: ast.Import | ast.ImportFrom) -> list[str]:
    prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
    return [f"{prefix}{alias.name}" for alias in node.names]


def _resolved(node: ast.expr, names: dict[str, str]) -> str | None:
    """The dotted name of `a.b.c` with `a` as imported; None for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        value = _resolved(node.value, names)
        return None if value is None else f"{value}.{node.attr}"
    return None


MODULE_FILES = sorted(
    path for package in PURE for path in (ROOT / package).rglob("*.py") if ENGINES not in path.parents
)


@pytest.mark.parametrize("path", MODULE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_module_is_pure(path: Path) -> None:
    """No file, clock, randomness, environment, network or console of its own."""
    assert list(impurities(path.read_text(encoding="utf-8"))) == []


def test_all_three_packages_are_looked_at() -> None:
    """A renamed folder would otherwise pass by being empty."""
    assert {path.relative_to(ROOT).parts[0] for path in MODULE_FILES} == set(PURE)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("text = open('a').read()", "open"),
        ("print('a')", "print"),
        ("name = input()", "input"),
        ("from pathlib import Path", "pathlib.Path"),
        ("import pathlib\nhome = pathlib.Path('a')", "pathlib.Path"),
        ("def f(path): return path.read_text()", ".read_text"),
        ("def f(path): path.write_bytes(b'')", ".write_bytes"),
        ("from datetime import datetime\nat = datetime.now()", "datetime.datetime.now"),
        ("import datetime as d\nat = d.datetime.utcnow()", "datetime.datetime.utcnow"),
        ("from datetime import date\nday = date.today()", "datetime.date.today"),
        ("import time", "time"),
        ("from time import monotonic", "time.monotonic"),
        ("import random as r", "random"),
        ("import secrets", "secrets"),
        ("from uuid import uuid4", "uuid.uuid4"),
        ("import uuid\nnew = uuid.uuid4()", "uuid.uuid4"),
        ("import os\nhome = os.environ['HOME']", "os.environ"),
        ("from os import getenv", "os.getenv"),
        ("def f():\n    import subprocess", "subprocess"),
        ("import socket", "socket"),
        ("import sys\nsys.stdout.write('a')", "sys.stdout"),
        ("import numpy as np\nx = np.random.rand(3)", "numpy.random.rand"),
        ("import numpy as np\nx = np.random.default_rng()", "numpy.random.default_rng"),
        ("from numpy import load", "numpy.load"),
        ("import io\nfile = io.open('a')", "io.open"),
    ],
)
def test_what_is_impure_is_seen(source: str, expected: str) -> None:
    """Under its own name or another, at the top or inside a function."""
    assert expected in {name for _, name in impurities(source)}


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime\nat = datetime.fromtimestamp(0, UTC)",
        "from uuid import UUID, uuid5\nname = uuid5(UUID(int=0), 'a')",
        "import numpy as np\nx = np.random.default_rng(7).random(3)",
        "import io\nlines = list(io.BytesIO(b'a'))",
        "from pathlib import PurePosixPath\nname = PurePosixPath('a/b').name",
        "def f(at, text): return text.replace('now', at).strip()",
        "import re\nre.compile('open')",
        "class Tokens:\n    input: int",
        "def f(clock): return clock.now()",  # handed in by the caller
        "from functools import partial as open\nopen(len)",
    ],
)
def test_what_is_pure_passes(source: str) -> None:
    """Values in, values out, whatever they are called."""
    assert list(impurities(source)) == []
