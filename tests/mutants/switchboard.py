"""The switches of all rules, and the import hook that puts them into the modules of governance."""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.machinery
import sys
from collections import defaultdict
from pathlib import Path
from types import CodeType
from typing import Any

from tests.mutants.sites import SWITCH, Site, rewritten

ROOT = Path(__file__).parents[2]


class Switchboard:
    """`active` is the rule that is off. While `test` is named, `reached` notes which tests ask which rule."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.active: int | None = None
        self.test: str | None = None
        self.reached: dict[int, set[str]] = defaultdict(set)

    def off(self, number: int) -> bool:
        """Whether this rule is off."""
        if self.test is not None:
            self.reached[number].add(self.test)
        return number == self.active

    def guard(self, number: int, guard: Any) -> Any:
        """The guard, or one that holds at any time."""
        return guard._replace(holds=True, time=None) if self.off(number) else guard


class _Loader(importlib.machinery.SourceFileLoader):
    board: Switchboard

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        file = str(Path(path).relative_to(ROOT))
        tree = rewritten(file, bytes(data).decode(), self.board.sites)
        return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)

    def get_code(self, fullname: str) -> CodeType:
        # Past the cache of compiled files, which holds the modules as they are.
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname.partition(".")[0] != "governance":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def installed() -> Switchboard:
    """The switchboard, with every module of governance that is imported from here on connected to it."""
    assert not any(name.partition(".")[0] == "governance" for name in sys.modules), (
        "governance is imported already"
    )
    board = Switchboard()
    _Loader.board = board
    setattr(builtins, SWITCH, board)
    sys.meta_path.insert(0, _Finder())
    return board
