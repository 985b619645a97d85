"""A proposal's life in sentences, its votes apart. Pure."""

from __future__ import annotations

from governance import payloads
from governance.minutes.wording import Sentence, moment, plural


def _proposed(actor: str, said: payloads.Proposed) -> str:
    return f"{actor} opened proposal {said.number} {_subject(said)}"


def _subject(said: payloads.Proposed) -> str:
    if said.withdrawal is not None:
        return f"to withdraw {said.withdrawal.slug} {said.withdrawal.version}"
    if said.admission is not None:
        return f"to admit {said.admission}"
    assert said.revision is not None
    names = [change.slug for change in said.revision.changes]
    if len(names) > 3:
        names = [plural(len(names), "policy")]
    if said.revision.charter is not None:
        names.append("the charter")
    return "on " + " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _revised(actor: str, said: payloads.Revised) -> str:
    taken = "" if said.took is None else f", taking the edit that event {said.took} suggests"
    return f"{actor} revised proposal {said.number}{taken}"


def _proposal_withdrawn(actor: str, said: payloads.ProposalWithdrawn) -> str:
    return f"{actor} stepped back from proposal {said.number}"


def _adopted(actor: str, said: payloads.Adopted) -> str:
    return f"{actor} stood behind proposal {said.number}"


def _reviewed(actor: str, said: payloads.Reviewed) -> str:
    if said.verdict == "approve":
        return f"{actor} approved proposal {said.number}"
    return f"{actor} asked for changes in proposal {said.number}"


def _commented(actor: str, said: payloads.Commented) -> str:
    if said.place is None:
        return f"{actor} commented on proposal {said.number}"
    if said.suggestion is None:
        return f"{actor} commented on {_lines(said.place)} in proposal {said.number}"
    return f"{actor} suggested an edit of {_lines(said.place)} in proposal {said.number}"


def _lines(place: payloads.Place) -> str:
    if place.first == place.last:
        return f"line {place.first} of {place.file}"
    return f"lines {place.first} to {place.last} of {place.file}"


def _answered(actor: str, said: payloads.Answered) -> str:
    return f"{actor} answered {plural(len(said.comments), 'comment')} on proposal {said.number}"


def _held(actor: str, said: payloads.Held) -> str:
    return f"{actor} asked for time on proposal {said.number}"


def _objected(actor: str, said: payloads.Objected) -> str:
    return f"{actor} objected to proposal {said.number}"


def _objection_resolved(actor: str, said: payloads.ObjectionResolved) -> str:
    return f"{actor} saw the objection of event {said.objection} to proposal {said.number} as resolved"


def _vote_called(actor: str, said: payloads.VoteCalled) -> str:
    return f"{actor} asked for a vote on proposal {said.number}"


def _evidence_recorded(actor: str, said: payloads.EvidenceRecorded) -> str:
    return (
        f"{actor} recorded evidence on {said.slug} for proposal {said.number}: "
        f"missed violations {said.missed.judgement}, wrongly flagged {said.flagged.judgement}"
    )


def _comment_opened(_actor: str, said: payloads.CommentOpened) -> str:
    return (
        f"proposal {said.number} went into its final comment period until {moment(said.ends)}, "
        f"with {plural(said.voters, 'voter')}"
    )


def _escalated(_actor: str, said: payloads.Escalated) -> str:
    return f"proposal {said.number} goes on as a change of the kind {said.to}, which takes longer"


_WAYS = {
    "owner": "by its owner",
    "direct": "at once; it can be undone",
    "consent": "without an objection",
    "unanimous": "by everybody",
}


def _accepted(_actor: str, said: payloads.Accepted) -> str:
    return f"proposal {said.number} was accepted {_WAYS[said.way]}"


_REASONS = {
    "base-moved": "what it changes had changed meanwhile",
    "evidence": "the evidence stops it",
    "charter-unreachable": "its charter cannot be met any more",
    "ruling": "the panel asks for it",
    "blocked": "something in it was redacted",
}


def _returned(_actor: str, said: payloads.Returned) -> str:
    return f"proposal {said.number} went back to review: {_REASONS[said.why]}"


def _lapsed(_actor: str, said: payloads.Lapsed) -> str:
    return f"proposal {said.number} timed out"


def _challenged(actor: str, said: payloads.Challenged) -> str:
    return f"{actor} challenged the acceptance of proposal {said.number}"


def _panel_drawn(_actor: str, said: payloads.PanelDrawn) -> str:
    return f"{', '.join(said.panel)} were drawn by lot to rule on proposal {said.number}"


_RULINGS = {"uphold": "let it stand", "void": "void it", "return": "send it back to review"}


def _ruled(actor: str, said: payloads.Ruled) -> str:
    return f"{actor} ruled on proposal {said.number}: {_RULINGS[said.ruling]}"


_ENDS = {
    "uphold": "the panel let it stand",
    "void": "the panel voided it",
    "return": "the panel sent it back to review",
    "lapse": "no ruling came in time, so it stands",
}


def _stay_ended(_actor: str, said: payloads.StayEnded) -> str:
    return f"the pause of proposal {said.number} ended: {_ENDS[said.ruling]}"


def _enacted(_actor: str, said: payloads.Enacted) -> str:
    brought = ", ".join(f"{release.slug} {release.version}" for release in said.releases[:3])
    more = f" and {len(said.releases) - 3} more" if len(said.releases) > 3 else ""
    return f"proposal {said.number} came into force" + (f": {brought}{more}" if brought else "")


def _undone(actor: str, said: payloads.Undone) -> str:
    brought = ", ".join(f"{release.slug} {release.version}" for release in said.releases[:3])
    return f"{actor} took back proposal {said.number}: {brought}"


def _emergency_called(actor: str, said: payloads.EmergencyCalled) -> str:
    return f"{actor} called an emergency on {said.slug} {said.version}"


def _emergency_ended(_actor: str, said: payloads.EmergencyEnded) -> str:
    return f"the emergency on {said.slug} {said.version} ended"


SENTENCES: dict[str, Sentence] = {
    "proposed": _proposed,
    "revised": _revised,
    "proposal_withdrawn": _proposal_withdrawn,
    "adopted": _adopted,
    "reviewed": _reviewed,
    "commented": _commented,
    "answered": _answered,
    "held": _held,
    "objected": _objected,
    "objection_resolved": _objection_resolved,
    "vote_called": _vote_called,
    "evidence_recorded": _evidence_recorded,
    "comment_opened": _comment_opened,
    "escalated": _escalated,
    "accepted": _accepted,
    "returned": _returned,
    "lapsed": _lapsed,
    "challenged": _challenged,
    "panel_drawn": _panel_drawn,
    "ruled": _ruled,
    "stay_ended": _stay_ended,
    "enacted": _enacted,
    "undone": _undone,
    "emergency_called": _emergency_called,
    "emergency_ended": _emergency_ended,
}
