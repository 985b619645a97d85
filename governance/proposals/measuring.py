"""Evidence is recorded: what two runs say of base and head, as integers and a judgement. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.proposals.access import acted_on, open_in
from governance.proposals.evidence import measurable
from governance.proposals.state import Evidence, Stage


def evidence_recorded(state: Commons, event: Event, said: payloads.EvidenceRecorded) -> Commons:
    """A comparison of base and head counts from here on."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT, Stage.VOTING)
    refuse_unless(
        said.content == proposal.content,
        f"the evidence is on another content than proposal {said.number} has now.",
        "Run what it proposes now.",
    )
    change = next((one for one in measurable(proposal) if one.slug == said.slug), None)
    refuse_unless(
        change is not None,
        f"proposal {said.number} does not change a released {said.slug}.",
        "Compare a policy that it changes.",
    )
    assert change is not None
    runs = tuple(state.runs.get(commit) for commit in (said.base, said.head))
    refuse_unless(
        all(run is not None and run.slug == said.slug for run in runs)
        and tuple(run.content for run in runs if run) == (change.base, change.head),
        "the two runs are not recorded here, or not of the policy before and after the change.",
        "Record both runs first.",
    )
    for endpoint in (said.missed, said.flagged):
        refuse_unless(
            endpoint.mended + endpoint.broken <= endpoint.cases,
            "more cases changed than there are.",
            "Count them again.",
        )
    shown = Evidence(
        seq=event.seq,
        content=said.content,
        slug=said.slug,
        model=said.model,
        revision=said.revision,
        effort=said.effort,
        template=said.template,
        suite=said.suite,
        missed=said.missed,
        flagged=said.flagged,
    )
    return acted_on(state, replace(proposal, evidence=(*proposal.evidence, shown)), event.at)
