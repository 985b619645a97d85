"""Random acts about proposals: the second part of the machine in `test_life.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from governance import payloads
from governance.charter.model import Mode
from governance.payloads import PolicyChange
from governance.proposals.state import Proposal, Stage
from tests.property.governance.life.people import MEMBERS, OUTSIDERS, People, anybody, members
from tests.support.charters import CHARTERS
from tests.support.made import endpoint, sha

TOUCHES = (
    ("labels",),
    ("cases_added",),
    ("metadata",),
    ("wording",),
    ("cases_added", "wording"),
    ("cases_changed",),
)
CHOICES = ("yes", "no", "abstain")
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

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(which=some, but=members)
    def agree(self, which: int, but: str) -> None:
        """Nearly everybody approves, and time passes until something follows from it."""
        self._approved(which, but)
        self.next_thing()

    def _approved(self, which: int, but: str) -> None:
        proposal = self.pick(which, Stage.REVIEW, Stage.COMMENT)
        for handle in MEMBERS if proposal is not None else ():
            if handle != but and proposal.number in self.commons.state.proposals:
                said = payloads.Reviewed(number=proposal.number, content=proposal.content, verdict="approve")
                self.attempt(handle, said)

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

    @only_with(Stage.REVIEW, Stage.COMMENT)
    @rule(which=some, but=members)
    def agree(self, which: int, but: str) -> None:
        """Nearly everybody approves, and time passes until something follows from it."""
        proposal = self.pick(which, Stage.REVIEW, Stage.COMMENT)
        for handle in MEMBERS if proposal is not None else ():
            if handle != but and proposal.number in self.commons.state.proposals:
                said = payloads.Reviewed(number=proposal.number, content=proposal.content, verdict="approve")
                self.attempt(handle, said)
        self.next_thing()

    @only_with(Stage.REVIEW, Stage.COMMENT, Stage.VOTING)
    @rule(which=some, against=members, contested=st.booleans())
    def carry(self, which: int, against: str, contested: bool) -> None:
        """Nearly everybody wants it: they approve, one objects or not, and they vote for it."""
        self._approved(which, against)
        if self.pick(which, Stage.COMMENT, Stage.VOTING) is None:
            self.next_thing()
        proposal = self.pick(which, Stage.COMMENT)
        if contested and proposal is not None:
            self.attempt(against, payloads.Objected(number=proposal.number, reason=sha(1), remedy=sha(1)))
            self.next_thing()
        proposal = self.pick(which, Stage.VOTING)
        if proposal is not None:
            for handle in MEMBERS:
                choice = "no" if handle == against else "yes"
                self.tried(lambda who=handle, choice=choice: self.commons.vote(proposal.number, choice, who))
            self.next_thing()

    @only_with(Stage.ACCEPTED)
    @rule(which=some, but=members)
    def stay(self, which: int, but: str) -> None:
        """Many challenge an acceptance; a day later somebody acts who is no party."""
        proposal = self.pick(which, Stage.ACCEPTED)
        if proposal is None:
            return
        for handle in MEMBERS[:4]:
            if handle != but and self.commons.stage(proposal.number) is Stage.ACCEPTED:
                self.attempt(handle, payloads.Challenged(number=proposal.number, reason=sha(1)))
        self.commons.wait(25)
        for handle in MEMBERS[4:]:
            self.attempt(handle, payloads.AffiliationDeclared(affiliation="independent"))

    @precondition(lambda self: self.commons.state.agenda)
    @rule()
    def next_thing(self) -> None:
        """Time passes until something is due."""
        agenda = self.commons.state.agenda
        if agenda:
            self.commons.at = max(self.commons.at, agenda[0].at)
            self.commons.settle()

    # Voting and after

    @only_with(Stage.VOTING)
    @rule(which=some, who=st.sets(anybody, min_size=1, max_size=9), choice=st.sampled_from(CHOICES))
    def vote(self, which: int, who: set[str], choice: str) -> None:
        """People vote alike, some of whom may not."""
        proposal = self.pick(which, Stage.VOTING) or self.pick(which)
        if proposal is None:
            return
        for handle in sorted(who):
            self.tried(lambda handle=handle: self.commons.vote(proposal.number, choice, handle))

    @precondition(lambda self: any(one.closed_at for one in self.commons.state.ended.values()))
    @rule(which=some, who=anybody)
    def vote_late(self, which: int, who: str) -> None:
        """Somebody votes on what is over."""
        numbers = sorted(self.commons.state.ended)
        self.tried(lambda: self.commons.vote(numbers[which % len(numbers)], "yes", who))

    @only_with(Stage.ACCEPTED)
    @rule(which=some, who=st.sets(members, min_size=1, max_size=4))
    def challenge(self, which: int, who: set[str]) -> None:
        """Members challenge an acceptance."""
        proposal = self.pick(which, Stage.ACCEPTED)
        for handle in sorted(who):
            if proposal is not None:
                self.attempt(handle, payloads.Challenged(number=proposal.number, reason=self.commons.sha()))

    @only_with(Stage.STAYED)
    @rule(which=some, ruling=st.sampled_from(("uphold", "void", "return")), all_of_them=st.booleans())
    def rule_on(self, which: int, ruling: str, all_of_them: bool) -> None:
        """Panel members rule."""
        proposal = self.pick(which, Stage.STAYED)
        if proposal is None:
            return
        for handle in proposal.panel if all_of_them else proposal.panel[:1]:
            self.attempt(
                handle, payloads.Ruled(number=proposal.number, ruling=ruling, reason=self.commons.sha())
            )

    @only_with(Stage.ACCEPTED, Stage.VOTING)
    @rule()
    def host(self) -> None:
        """The host opens sealed votes that are over, and brings into force what it may."""
        self.commons.settle()
        self.commons.do_host_work()

    @precondition(lambda self: any(one.undo_until for one in self.commons.state.ended.values()))
    @rule(which=some, who=members)
    def undo(self, which: int, who: str) -> None:
        """A member takes back what came into force."""
        ended = [one for _, one in sorted(self.commons.state.ended.items()) if one.undo_until]
        if ended:
            self.tried(lambda: self.commons.undo(who, ended[which % len(ended)].number))

    @rule(who=st.sampled_from(MEMBERS[:4]))
    def emergency(self, who: str) -> None:
        """A member says that a release does harm."""
        self.attempt(who, payloads.EmergencyCalled(slug="spam", version="1.0.0", reason=self.commons.sha()))

    @precondition(lambda self: self.commons.state.charter_rules.classes.charter.mode is Mode.OWNER)
    @rule(who=st.sampled_from(("ana", "bo")), name=st.sampled_from(sorted(CHARTERS)))
    def amend(self, who: str, name: str) -> None:
        """The owner puts another charter in force."""
        self.tried(lambda: self.commons.amend(*CHARTERS[name], by=who))

    @precondition(lambda self: self.commons.state.mode is Mode.OWNER)
    @rule(who=st.sampled_from(("ana", "bo")))
    def publish(self, who: str) -> None:
        """The owner releases the next version at once."""
        latest = self.commons.state.policies["spam"].latest.version
        major, minor, _ = latest.split(".")
        self.tried(lambda: self.commons.publish("spam", f"{major}.{int(minor) + 1}.0", by=who))
