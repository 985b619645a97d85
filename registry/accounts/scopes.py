"""What a token may be used for. Touches nothing."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One kind of act. What is public needs none; what a member may do is decided by the commons' rules."""

    READ = "read"
    PROPOSE = "propose"
    REVIEW = "review"
    VOTE = "vote"
    BENCH = "bench"
    ADMIN = "admin"


MEANS = {
    Scope.READ: "see what only you see, such as your inbox",
    Scope.PROPOSE: "fork, propose, revise, adopt, comment and push",
    Scope.REVIEW: "review, answer, hold, object, call a vote, challenge, rule, undo, vouch",
    Scope.VOTE: "cast ballots",
    Scope.BENCH: "take benchmark jobs and hand in runs",
    Scope.ADMIN: "join, invite and leave, manage keys and tokens, found and look after commons",
}
"""Each scope in words, for pages and documentation."""

IN_SESSION = frozenset(Scope) - {Scope.ADMIN}
"""What somebody who signed in may do without their password being asked for again."""
