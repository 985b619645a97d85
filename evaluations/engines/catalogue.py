"""The engines there are, and those that can be had by name alone. Nothing is loaded until an engine is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from evaluations.engines import lexical, lexical_cv, openai
from evaluations.engines.base import Engine, EngineInfo
from evaluations.errors import EngineError

DEFAULT_ENGINE = lexical.NAME

ENGINES: Mapping[str, Callable[[], Engine]] = MappingProxyType(
    {lexical.NAME: lexical.LexicalEngine, lexical_cv.NAME: lexical_cv.LexicalCvEngine}
)
"""Those that need nothing but their name."""

INFOS: Mapping[str, EngineInfo] = MappingProxyType(
    {**{name: make().info for name, make in ENGINES.items()}, openai.INFO.name: openai.INFO}
)
"""What each is, needs and promises, also of those that must be told which server to ask."""


def engine_named(name: str) -> Engine:
    """The engine of this name. Raises `EngineError` naming those there are."""
    make = ENGINES.get(name)
    if make is not None:
        return make()
    if name in INFOS:
        raise EngineError(name, "must be told which server to ask.", "Give its address and a model.")
    raise EngineError(name[:80], "is not known.", f"Use one of: {', '.join(sorted(INFOS))}.")
