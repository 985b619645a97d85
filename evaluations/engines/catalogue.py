"""The engines there are, and those that can be had by name alone. Nothing is loaded until an engine is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from evaluations.engines import embedding, lexical, lexical_cv, openai
from evaluations.engines.base import Engine, EngineInfo
from evaluations.engines.vllm import names as vllm
from evaluations.errors import EngineError

DEFAULT_ENGINE = lexical.NAME

ENGINES: Mapping[str, Callable[[], Engine]] = MappingProxyType(
    {lexical.NAME: lexical.LexicalEngine, lexical_cv.NAME: lexical_cv.LexicalCvEngine}
)
"""Those that need nothing but their name."""

INFOS: Mapping[str, EngineInfo] = MappingProxyType(
    {
        **{name: make().info for name, make in ENGINES.items()},
        **{info.name: info for info in (embedding.INFO, vllm.INFO, openai.INFO)},
    }
)
"""What each is, needs and promises, also of those that must be told which model or server to ask."""


def engine_named(name: str) -> Engine:
    """The engine of this name. Raises `EngineError` naming those there are."""
    make = ENGINES.get(name)
    if make is not None:
        return make()
    if name in INFOS:
        told = "server" if INFOS[name].needs.network else "model"
        raise EngineError(name, f"must be told which {told} to ask.", "Give --model, and a server's address.")
    raise EngineError(name[:80], "is not known.", f"Use one of: {', '.join(sorted(INFOS))}.")
