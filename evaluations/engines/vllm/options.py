"""What vLLM may be told, beside the model: which settings change answers and which only the pace. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from evaluations.errors import EngineError
from evaluations.keys import Setting

CALLED = "served-model-name"
"""The name to record for a folder, in place of the folder's own."""

_CHANGE_ANSWERS: Mapping[str, type] = MappingProxyType(
    {
        "dtype": str,
        "quantization": str,
        "kv-cache-dtype": str,
        "max-model-len": int,
        "load-format": str,
        "seed": int,
        "tokenizer-mode": str,
        "trust-remote-code": bool,
    }
)
_CHANGE_PACE: Mapping[str, type] = MappingProxyType(
    {
        "tensor-parallel-size": int,
        "pipeline-parallel-size": int,
        "gpu-memory-utilization": float,
        "kv-cache-memory-bytes": int,
        "cpu-offload-gb": float,
        "max-num-seqs": int,
        "max-num-batched-tokens": int,
        "enforce-eager": bool,
        "enable-prefix-caching": bool,
        "disable-custom-all-reduce": bool,
    }
)
SETTINGS: Mapping[str, type] = MappingProxyType({**_CHANGE_ANSWERS, **_CHANGE_PACE})
"""Every setting that can be given, as `vllm serve` names them, with the kind of its value."""


def read_settings(engine: str, given: Mapping[str, str]) -> dict[str, Setting | float]:
    """The values of settings written as text. Raises `EngineError` for a name or a value that is none."""
    return {name: _value(engine, name, text) for name, text in given.items()}


def arguments(settings: Mapping[str, Setting | float]) -> dict[str, Setting | float]:
    """The settings as vLLM's arguments."""
    return {name.replace("-", "_"): value for name, value in settings.items()}


def deciding(settings: Mapping[str, Setting | float]) -> dict[str, Setting]:
    """Those that change answers, for the run key."""
    return {
        name: value
        for name, value in settings.items()
        if name in _CHANGE_ANSWERS and not isinstance(value, float)
    }


def _value(engine: str, name: str, text: str) -> Setting | float:
    kind = SETTINGS.get(name)
    if kind is None:
        raise EngineError(
            engine,
            f"the setting {name[:60]!r} is not one that can be given.",
            f"Use one of: {', '.join(sorted((*SETTINGS, CALLED)))}.",
        )
    try:
        if kind is bool:
            return {"true": True, "false": False}[text.lower()]
        value: Setting | float = kind(text)
    except (KeyError, ValueError):
        words = {bool: "true or false", int: "a whole number", float: "a number"}[kind]
        raise EngineError(engine, f"{name}={text[:40]} is no value.", f"Give {words}.") from None
    if isinstance(value, str) and not (value.isascii() and value.isprintable() and 0 < len(value) <= 100):
        raise EngineError(engine, f"{name} has no plain value.", "Give a word as vLLM's own options take it.")
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        raise EngineError(engine, f"{name}={text[:40]} is below zero.", "Give a number from 0.")
    return value
