"""A comparison as one document for programs. Pure; content of sensitive cases only when asked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from evaluations.comparing.telling import sentence
from evaluations.verdicts import verdict_to_json
from registry.services import comparison_words as words
from registry.services.comparison_flips import shown_flips

if TYPE_CHECKING:
    from evaluations.comparing.expectations import Followed, Missed
    from registry.services.comparing import Compared
    from registry.services.comparing_known import Ran
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
        "conditions": words.conditions(compared.comparison, compared.old.record, compared.new.record),
        "before": None if compared.trial is None else _trial(compared.trial),
        "expected": None if compared.followed is None else _followed(compared.followed),
        **{name: value for name, value in comparison.items() if name != "flips"},
        "flips": {
            "compared": comparison["flips"]["compared"],
            "shown": [asdict(flip) for flip in shown_flips(compared, reveal=reveal)],
        },
    }


def _run(run: Ran) -> dict[str, Any]:
    record = run.record
    return {
        "key": record.key,
        "called": run.called,
        "made_now": run.fresh,
        "policy": msgspec.to_builtins(record.policy),
        "suite": msgspec.to_builtins(record.suite),
        "parts": msgspec.to_builtins(record.parts),
    }


def _followed(followed: Followed) -> dict[str, Any]:
    return {
        "flipped": msgspec.to_builtins(followed.flipped),
        "kept": msgspec.to_builtins(followed.kept),
        "already": list(followed.already),
        "not_flipped": [_missed(case) for case in followed.not_flipped],
        "not_kept": [_missed(case) for case in followed.not_kept],
    }


def _missed(missed: Missed) -> dict[str, Any]:
    return {
        "case": missed.case,
        "old": verdict_to_json(missed.old),
        "new": verdict_to_json(missed.new),
        "label": missed.label,
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
