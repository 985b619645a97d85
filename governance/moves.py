"""Which refs an event may move, and where they stand after it. Pure."""

from __future__ import annotations

from immutables import Map

from governance.authority import ATTIC, MAIN, PROPOSALS, RUNS, TAGS, TEXTS, head_ref, refuse_unless
from governance.commons import Commons
from governance.events import Event

MOVABLE: dict[str, tuple[str, ...]] = {
    "founded": (MAIN,),
    "published": (MAIN, TAGS),
    "imported": (MAIN, TAGS),
    "run_recorded": (RUNS,),
    "scores_reported": (),
    "redacted": (MAIN, RUNS, TEXTS, TAGS, PROPOSALS, ATTIC),
    "clock_confirmed": (),
    "child_founded": (),
    "charter_amended": (MAIN,),
    "registry_key_set": (),
    "parent_quoted": (),
    "invited": (),
    "applied": (),
    "vouched": (),
    "admitted": (),
    "left": (),
    "affiliation_declared": (),
    "key_added": (),
    "key_revoked": (),
    "witnessed": (),
    "proposed": (PROPOSALS, TEXTS),
    "revised": (PROPOSALS,),
    "proposal_withdrawn": (PROPOSALS, ATTIC),
    "adopted": (),
    "reviewed": (TEXTS,),
    "commented": (TEXTS,),
    "answered": (TEXTS,),
    "held": (TEXTS,),
    "objected": (TEXTS,),
    "objection_resolved": (),
    "vote_called": (),
    "evidence_recorded": (),
    "comment_opened": (),
    "escalated": (),
    "accepted": (),
    "returned": (),
    "lapsed": (PROPOSALS, ATTIC),
    "voting_opened": (),
    "ballot_cast": (),
    "voting_closed": (PROPOSALS, ATTIC),
    "voting_voided": (),
    "challenged": (TEXTS,),
    "panel_drawn": (),
    "ruled": (TEXTS,),
    "stay_ended": (PROPOSALS, ATTIC),
    "enacted": (MAIN, TAGS, PROPOSALS, ATTIC),
    "undone": (MAIN, TAGS, TEXTS),
    "emergency_called": (TEXTS,),
    "emergency_ended": (),
}
"""Which refs an event of each type may move: an act has authority over its own and no others."""


def moved(refs: Map[str, str], event: Event) -> Map[str, str]:
    """Where every ref stands after the event. Raises `RefusedError`."""
    if not event.moves:
        return refs
    allowed = MOVABLE.get(event.type, ())
    after = refs.mutate()
    seen: set[str] = set()
    for move in event.moves:
        permitted = any(
            move.ref == name or (name.endswith("/") and move.ref.startswith(name)) for name in allowed
        )
        refuse_unless(permitted, f"{event.type} may not move {move.ref}.", "It moves its own refs only.")
        refuse_unless(move.ref not in seen, f"{move.ref} is moved twice.", "Move each ref once.")
        seen.add(move.ref)
        stands = after.get(move.ref)
        refuse_unless(stands == move.old, f"{move.ref} stands at {stands}.", "Move it from there.")
        if move.ref.startswith(TAGS) and event.type != "redacted":
            refuse_unless(move.old is None, f"{move.ref} was released.", "Release a new version.")
        if move.new is None:
            refuse_unless(
                move.ref.startswith(PROPOSALS) and move.old is not None,
                f"{move.ref} may not be deleted.",
                "Move it elsewhere.",
            )
            del after[move.ref]
        else:
            after[move.ref] = move.new
    return after.finish()


def heads_followed(before: Commons, after: Commons, event: Event) -> None:
    """Refuses an event that ends a proposal and leaves its head, or moves the head of another.

    The attic gets the revisions of a proposal that ends, and nothing else.
    """
    if event.type == "redacted":
        # It moves them all to what they became (`proposals/erasing.py`).
        return
    number = getattr(event.payload, "number", None)
    known = before.proposals.get(number) if number is not None else None
    ends = known is not None and known.revision is not None and number not in after.proposals
    if not event.moves and not ends:
        return
    own = head_ref(number) if number is not None else None
    heads = {move.ref: move.new for move in event.moves if move.ref.startswith(PROPOSALS)}
    refuse_unless(
        not heads.keys() - {own}, f"{event.type} moves the head of another proposal.", "Move its own only."
    )
    kept = any(move.ref == ATTIC for move in event.moves)
    if ends:
        refuse_unless(
            heads == {own: None} and kept,
            f"proposal {number} is over, and its head stays where it is.",
            "Remove the head, and keep its revisions in the attic.",
        )
        return
    refuse_unless(not kept, "the attic keeps what has ended, and nothing ends here.", "Leave it.")
    refuse_unless(
        not heads or event.type in ("proposed", "revised"),
        f"the head of proposal {number} stays.",
        "Leave it.",
    )
