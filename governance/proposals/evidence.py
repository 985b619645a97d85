"""What runs say about a proposal: recorded facts, bound to exactly one content (principle 4B). Pure.

Governance does not run or score anything. An evidence event states integers and a judgement; `commons verify`
recomputes both from the runs. All evidence on a content counts and the worst decides, so that nobody wins
by showing the best of several runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from governance import payloads
from governance.charter.model import Charter, Consequence, EvidenceMode
from governance.proposals.state import Evidence, Proposal

NEUTRAL = frozenset({"cases_added", "metadata", "wording"})
"""What may turn out to be routine: where wording is in it, evidence must show that no verdict moves."""


class Says(IntEnum):
    """What the evidence means for a proposal, mildest first."""

    GO = 0
    VOTE = 1
    STOP = 2


_MEANINGS = {Consequence.WARN: Says.GO, Consequence.VOTE: Says.VOTE, Consequence.BLOCK: Says.STOP}


def says(proposal: Proposal, rules: Charter) -> Says:
    """What the evidence on the content means under these rules; without a gate it only informs."""
    if rules.evidence.mode is not EvidenceMode.GATE:
        return Says.GO
    meaning = Says.GO
    for change in measurable(proposal):
        judgements = [
            endpoint.judgement
            for shown in gating(proposal, rules, change.slug)
            for endpoint in (shown.missed, shown.flagged)
        ]
        if not judgements:
            meaning = max(meaning, _MEANINGS[rules.evidence.on_missing])
        elif "block" in judgements:
            return Says.STOP
        elif "inconclusive" in judgements:
            meaning = max(meaning, _MEANINGS[rules.evidence.on_inconclusive])
    return meaning


def shows_neutral(proposal: Proposal, rules: Charter) -> bool:
    """Whether only wording changed, and every run of the shared model shows that it moved no verdict."""
    revision = proposal.revision
    if revision is None or revision.charter is not None or rules.evidence.mode is EvidenceMode.OFF:
        return False
    for change in revision.changes:
        if not set(change.touches) <= NEUTRAL:
            return False
        if "wording" in change.touches:
            shown = list(gating(proposal, rules, change.slug))
            if not shown or any(_moved(one.missed) or _moved(one.flagged) for one in shown):
                return False
    return True


def gating(proposal: Proposal, rules: Charter, slug: str) -> Iterator[Evidence]:
    """The evidence on the content at hand that was made with the shared model and a suite of the charter."""
    for shown in proposal.evidence:
        if shown.slug == slug and shown.content == proposal.content and as_asked(shown, rules):
            yield shown


def measurable(proposal: Proposal) -> Iterator[payloads.PolicyChange]:
    """The changes that can be compared with something: those of policies that were released before."""
    if proposal.revision is not None:
        yield from (change for change in proposal.revision.changes if change.base is not None)


def as_asked(shown: Evidence | payloads.EvidenceRecorded, rules: Charter) -> bool:
    """Whether evidence was made with the shared model and a suite as the charter asks; other informs."""
    model = rules.evidence.model
    return (
        (shown.model, shown.template, shown.effort) == (model.id, model.template, model.effort)
        and model.revision in ("", shown.revision)
        and shown.suite in rules.evidence.suites
    )


def _moved(endpoint: payloads.Endpoint) -> bool:
    return bool(endpoint.mended or endpoint.broken or not endpoint.cases)
