"""The engines that can be had by name alone. Pure: nothing is loaded until an engine is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from evaluations.engines import lexical, lexical_cv
from evaluations.engines.base import Engine
from evaluations.errors import EngineError

DEFAULT_ENGINE = lexical.NAME

ENGINES: Mapping[str, Callable[[], Engine]] = MappingProxyType(
    {lexical.NAME: lexical.LexicalEngine, lexical_cv.NAME: lexical_cv.LexicalCvEngine}
)


def engine_named(name: str) -> Engine:
    """The engine of this name. Raises `EngineError` naming those there are."""
    make = ENGINES.get(name)
    if make is None:
        raise EngineError(name[:80], "is not known.", f"Use one of: {', '.join(sorted(ENGINES))}.")
    return make()
