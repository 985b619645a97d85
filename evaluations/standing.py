"""What a run's figures stand for: the shared model, another, or a baseline that cannot follow rules. Pure."""

from __future__ import annotations

from enum import StrEnum

from evaluations.engines.catalogue import INFOS
from evaluations.engines.openai_server import SCRIPTED
from evaluations.run_record import RunRecord

SHARED_MODEL = "gpt-oss-safeguard"
MODEL_ENGINES = frozenset({"vllm", "openai", "ray"})
"""Engines that run a language model."""


class RunClass(StrEnum):
    """What a run's figures stand for."""

    SHARED = "shared-model"
    OTHER = "other"
    BASELINE = "baseline"


def is_scripted(record: RunRecord) -> bool:
    """Whether a scripted server answered, whatever it called its model (`commons mock`)."""
    return str(record.parts.config.get("server-engine", "")).startswith(f"{SCRIPTED} ")


def class_of(record: RunRecord) -> RunClass:
    """Whether a run is of the shared model, of another, or of something that cannot follow rules."""
    engine = record.parts.engine
    if is_scripted(record):
        return RunClass.OTHER
    if engine in MODEL_ENGINES:
        return RunClass.SHARED if SHARED_MODEL in record.parts.model.id else RunClass.OTHER
    if engine in INFOS and not INFOS[engine].promises.may_gate:
        return RunClass.BASELINE
    return RunClass.OTHER
