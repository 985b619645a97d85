"""Charters of many shapes that nine members can live by: what the random lives of a commons run under."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_SMALL_PANEL = {"panel.size": 3, "panel.quorum": 2}
_AT_ONCE = {"membership.tenure_before_vote_hours": 0}
_QUICK = {
    **_SMALL_PANEL,
    **_AT_ONCE,
    "class.policy.review_min": 2,
    "class.policy.edit_freeze": 1,
    "class.policy.reviews": 1,
    "class.policy.objection": 6,
    "class.policy.voting": 6,
    "class.policy.challenge": 12,
    "class.charter.voting": 6,
    "class.charter.notice": 2,
    "class.entrenched.voting": 6,
    "class.entrenched.notice": 3,
    "class.routine.objection": 4,
    "emergency.expires_hours": 48,
}

CHARTERS: Mapping[str, tuple[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "solo": ("solo@1", {}),
        "circle": ("circle@1", {}),
        "commons": ("commons@1", _SMALL_PANEL),
        "quick": ("commons@1", _QUICK),
        "open": ("commons@1", {**_QUICK, "membership.join": "open"}),
        "open circle": ("circle@1", {"membership.join": "open"}),
        "by vote": ("circle@1", {"membership.join": "by_vote"}),
        "sealed": ("commons@1", {**_QUICK, "ballot.visibility": "sealed_until_close"}),
        "once": ("circle@1", {"ballot.change_allowed": False}),
        "stewards": ("circle@1", {"membership.stewards": ("bo", "cy")}),
        "gate": ("commons@1", {**_QUICK, "evidence.mode": "gate", "evidence.on_missing": "vote"}),
        "strict gate": (
            "circle@1",
            {"evidence.mode": "gate", "evidence.on_missing": "block", "evidence.on_inconclusive": "vote"},
        ),
        "all approve": (
            "circle@1",
            {
                "class.policy.mode": "all_approve",
                "class.charter.mode": "all_approve",
                "class.entrenched.mode": "all_approve",
            },
        ),
        "votes only": ("circle@1", {"class.policy.mode": "vote"}),
        "direct": ("circle@1", {"class.policy.mode": "direct"}),
        "amended by consent": (
            "circle@1",
            {"class.charter.mode": "consent_then_vote", "class.charter.objection": 24},
        ),
        "owned": ("circle@1", {"class.policy.mode": "owner", "class.routine.mode": "owner"}),
        "higher bar": (
            "circle@1",
            {"class.charter.threshold": "3/4", "class.charter.quorum": {"share": "2/3", "floor": 2}},
        ),
    }
)
"""Preset and overrides, by a name."""
