"""Random acts about proposals: the second part of the machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from governance import payloads
from governance.payloads import PolicyChange
from governance.proposals.state import Proposal, Stage
from tests.property.governance.life.people import OUTSIDERS, People, anybody, members
from tests.support.charters import CHARTERS
from tests.support.made import endpoint

TOUCHES = (
    ("labels",),
    ("cases_added",),
    ("cases_added",),
    ("metadata",),
    ("wording",),
    ("cases_added", "wording"),
    ("cases_changed",),
)
some = st.integers(0, 10**6)


def only_with(*stages: Stage) -> Callable[[Any], Any]:
    """Only where a proposal is in one of these stages."""
    return precondition(
        lambda self: any(one.stage in stages for one in self.commons.state.proposals.values())
    )


class Proposing(People):
    """What members and others do about proposals."""

    def pick(self, which: int, *stages: Stage) -> Proposal | None:
        """One of the open proposals in these stages, if there is any."""
        self.commons.settle()
        found = [
            one
            for _, one in sorted(self.commons.state.proposals.items())
            if not stages or one.stage in stages
        ]
        return found[which % len(found)] if found else None

    # Opening and revising

    @rule(who=anybody, touches=st.sampled_from(TOUCHES), slug=st.sampled_from(("spam", "scams")))
    def propose(self, who: str, touches: tuple[str, ...], slug: str) -> None:
        """Somebody proposes to change a policy, or a new one."""
        self.tried(lambda: self.commons.propose(who, self.commons.change(slug, *touches)))

    @rule(who=members, lineage=st.sets(members, max_size=4))
    def propose_both(self, who: str, lineage: set[str]) -> None:
        """A mixed change: added cases in one policy, labels in the other, others named as its authors."""
        changes = (self.commons.change("scams", "cases_added"), self.commons.change("spam"))
        self.tried(lambda: self.commons.propose(who, *changes, lineage=tuple(sorted(lineage))))

    @rule(who=members, name=st.sampled_from(sorted(CHARTERS)))
    def propose_charter(self, who: str, name: str) -> None:
        """Somebody proposes another charter."""
        text = self.commons.charter(*CHARTERS[name])
        self.tried(lambda: self.commons.propose(who, charter=text))

    @rule(who=members)
    def propose_withdrawal(self, who: str) -> None:
        """Somebody proposes to withdraw a release."""
        self.tried(lambda: self.commons.propose_withdrawal(who))

    @rule(who=members, applicant=st.sampled_from(OUTSIDERS))
    def propose_admission(self, who: str, applicant: str) -> None:
        """Somebody proposes to admit an applicant."""
        self.tried(lambda: self.commons.propose_admission(who, applicant))

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(which=some, touches=st.sampled_from(TOUCHES), sponsor=st.booleans())
    def revise(self, which: int, touches: tuple[str, ...], sponsor: bool) -> None:
        """Its author or sponsor revises it."""
        proposal = self.pick(which, Stage.REVIEW, Stage.COMMENT)
        if proposal is None or proposal.revision is None:
            return
        by = (proposal.sponsor if sponsor else None) or proposal.author
        if proposal.revision.charter:
            text = self.commons.charter("circle@1", {"class.policy.voting": 60 + which % 9})
            self.tried(lambda: self.commons.revise(by, proposal.number, charter=text))
            return
        changes = tuple(self._changed(slug, touches) for slug in proposal.slugs)
        self.tried(lambda: self.commons.revise(by, proposal.number, *changes))

    def _changed(self, slug: str, touches: tuple[str, ...]) -> PolicyChange:
        return self.commons.change(slug, *touches)

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(which=some, sponsor=st.booleans())
    def give_up(self, which: int, sponsor: bool) -> None:
        """Its author or sponsor has enough."""
        proposal = self.pick(which)
        if proposal is None:
            return
        by = (proposal.sponsor if sponsor else None) or proposal.author
        self.tried(lambda: self.commons.give_up(by, proposal.number))

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(which=some, who=members)
    def adopt(self, which: int, who: str) -> None:
        """A member stands behind it."""
        proposal = self.pick(which)
        if proposal is None:
            return
        self.attempt(who, payloads.Adopted(number=proposal.number))

    # Talking

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(
        which=some,
        who=st.sets(members, min_size=1, max_size=9),
        verdict=st.sampled_from(("approve",) * 3 + ("request_changes",)),
    )
    def review(self, which: int, who: set[str], verdict: str) -> None:
        """Members review what is proposed."""
        for handle in sorted(who):
            proposal = self.pick(which, Stage.REVIEW, Stage.COMMENT)
            if proposal is None:
                return
            said = payloads.Reviewed(number=proposal.number, content=proposal.content, verdict=verdict)
            self.attempt(handle, said)

    @precondition(lambda self: self.commons.state.proposals)
    @rule(which=some, who=anybody)
    def comment(self, which: int, who: str) -> None:
        """Somebody comments."""
        proposal = self.pick(which)
        if proposal is None:
            return
        self.attempt(who, payloads.Commented(number=proposal.number, text=self.commons.sha()))

    @precondition(lambda self: self.commons.state.proposals)
    @rule(which=some, who=members)
    def answer(self, which: int, who: str) -> None:
        """A member answers all that waits."""
        proposal = self.pick(which)
        if proposal is None:
            return
        said = payloads.Answered(
            number=proposal.number, comments=proposal.unanswered, text=self.commons.sha()
        )
        self.attempt(who, said)

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(which=some, who=members, hold=st.booleans())
    def object(self, which: int, who: str, hold: bool) -> None:
        """A member objects, or asks for time."""
        proposal = self.pick(which, Stage.REVIEW, Stage.COMMENT)
        if proposal is None:
            return
        number, reason = proposal.number, self.commons.sha()
        said = (
            payloads.Held(number=number, reason=reason)
            if hold
            else payloads.Objected(number=number, reason=reason, remedy=reason)
        )
        self.attempt(who, said)

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(which=some)
    def resolve(self, which: int) -> None:
        """Whoever objected sees it as resolved."""
        proposal = self.pick(which, Stage.REVIEW, Stage.COMMENT)
        if proposal is None or not proposal.objections:
            return
        objection = proposal.objections[which % len(proposal.objections)]
        self.attempt(
            objection.by, payloads.ObjectionResolved(number=proposal.number, objection=objection.seq)
        )

    @only_with(Stage.REVIEW)
    @rule(which=some, who=st.sets(members, min_size=1, max_size=4))
    def call_vote(self, which: int, who: set[str]) -> None:
        """Members ask for a vote."""
        proposal = self.pick(which, Stage.REVIEW)
        for handle in sorted(who):
            if proposal is not None:
                self.attempt(handle, payloads.VoteCalled(number=proposal.number))

    @only_with(Stage.REVIEW, Stage.COMMENT, Stage.VOTING)
    @rule(
        which=some,
        verdict=st.sampled_from(("pass", "pass", "inconclusive", "block")),
        moved=st.integers(0, 1),
    )
    def measure(self, which: int, verdict: str, moved: int) -> None:
        """Two runs are recorded, and what they say."""
        proposal = self.pick(which, Stage.REVIEW, Stage.COMMENT, Stage.VOTING)
        if proposal is None or proposal.revision is None:
            return
        for change in proposal.revision.changes:
            if change.base is not None:
                self.tried(
                    lambda change=change: self.commons.measure(
                        proposal.number, change, endpoint(broken=moved, judgement=verdict)
                    )
                )
