"""Random acts that bring decisions about, and what follows: the third part of the machine."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from governance import payloads
from governance.charter.model import Mode
from governance.proposals.state import Stage
from tests.property.governance.life.people import MEMBERS, anybody, members
from tests.property.governance.life.proposing import Proposing, only_with, some
from tests.support.charters import CHARTERS
from tests.support.made import sha

CHOICES = ("yes", "no", "abstain")


class Deciding(Proposing):
    """Reviews by many, votes, challenges, rulings, the host's work, taking back."""

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
