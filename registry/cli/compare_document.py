"""A comparison as one document for programs. Pure; content of sensitive cases only when asked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from evaluations.comparing.telling import sentence
from registry.cli import compare_view as view

if TYPE_CHECKING:
    from registry.services.comparing import Compared, Ran
    from registry.services.comparing_plan import Trial


def compared_document(compared: Compared, *, reveal: bool) -> dict[str, Any]:
    """The whole of it: what was compared, what it could tell, what came out, and the flips in words."""
    comparison = msgspec.to_builtins(compared.comparison)
    return {
        "old": _run(compared.old),
        "new": _run(compared.new),
        "sentence": sentence(compared.comparison),
        "baseline": compared.baseline,
        "blocks": compared.blocks,
        "unanswered": compared.unanswered,
        "conditions": view.conditions(compared),
        "before": None if compared.trial is None else _trial(compared.trial),
        **{name: value for name, value in comparison.items() if name != "flips"},
        "flips": {
            "compared": comparison["flips"]["compared"],
            "shown": [asdict(flip) for flip in view.shown_flips(compared, reveal=reveal)],
        },
    }


def _run(run: Ran) -> dict[str, Any]:
    record = run.record
    return {
        "key": record.key,
        "made_now": run.fresh,
        "policy": msgspec.to_builtins(record.policy),
        "suite": msgspec.to_builtins(record.suite),
        "parts": msgspec.to_builtins(record.parts),
    }


def _trial(trial: Trial) -> dict[str, Any]:
    joint = trial.joint
    return {
        "counted": trial.counted,
        "in_pairs": trial.paired,
        "violating": msgspec.to_builtins(trial.violating),
        "harmless": msgspec.to_builtins(trial.harmless),
        "quoted": {case: reason.value for case, reason in trial.quoted.items()},
        **{
            name: list(getattr(joint, name))
            for name in ("added", "removed", "edited", "relabelled", "renamed", "foreign")
        },
    }
