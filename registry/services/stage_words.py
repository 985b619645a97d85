"""Where a proposal stands and what a step leads to, in words that all surfaces use. Touches nothing."""

from __future__ import annotations

STAGES = {
    "review": "in review",
    "comment": "in its final comment period",
    "voting": "being voted on",
    "accepted": "accepted, and not in force yet",
    "stayed": "paused, until a panel rules",
    "enacted": "in force",
    "rejected": "rejected",
    "no_quorum": "not decided: too few approved",
    "voided": "voided by a panel",
    "withdrawn": "given up",
    "lapsed": "timed out",
    "undone": "taken back",
}
"""Stages in the words of the pages."""

LEADS = {
    "comment_opened": "It goes into its final comment period",
    "voting_opened": "A vote on it begins",
    "voting_closed": "The vote ends and is counted",
    "voting_voided": "The vote is void, and is held again openly",
    "accepted:owner": "It is accepted by its owner",
    "accepted:direct": "It is accepted at once",
    "accepted:consent": "It is accepted without an objection",
    "accepted:unanimous": "It is accepted by everybody, before the period ends",
    "escalated:policy": "It becomes a change of policy, and goes the longer way",
    "returned:evidence": "It goes back to review, since the evidence stops it",
    "returned:base-moved": "It goes back to review, since what it changes has changed",
    "lapsed": "It times out",
    "panel_drawn": "A panel is drawn by lot",
    "stay_ended:uphold": "The pause ends, and it stands",
    "stay_ended:void": "The pause ends, and it is void",
    "stay_ended:return": "The pause ends, and it goes back to review",
    "stay_ended:lapse": "The pause ends without a ruling, and it stands",
    "stay_ended": "The panel has ruled",
    "enacted": "It comes into force",
}
"""What a step of the clock leads to, as a sentence without its end."""
