"""A commons in memory: people act, the clock does what it owes, and every event goes through the fold.

What the registry does with objects and a disk is done here with made-up ids; the rules are the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance import payloads
from governance.authority import MAIN, head_ref
from governance.ballots.counting import ACCEPTED
from governance.ballots.voting import count
from governance.events import Draft, Event
from governance.payloads import CharterText, Move, PolicyChange, Release
from governance.proposals.amending import unfit_charter
from governance.proposals.line import first_in_line
from governance.proposals.state import Ended, Proposal, Stage
from governance.proposals.steps import enactable_at
from governance.registrar import REGISTRAR
from tests.support.clockwork import Act, Clockwork
from tests.support.made import DAY, HOUR, START, endpoint, oid, sha

__all__ = ["DAY", "HOUR", "START", "Act", "Assembly", "oid", "sha"]


class Assembly(Clockwork):
    """A commons whose members act by short names for what they do."""

    def join(self, *handles: str, affiliation: str = "independent") -> Assembly:
        """People become members, by the way that the charter asks for where that needs nobody else."""
        for handle in handles:
            if self.state.charter_rules.membership.join == "invited":
                self.act(self.founder, payloads.Invited(member=handle))
            self.act(handle, payloads.Applied(affiliation=affiliation))
        return self

    def amend(self, preset: str, overrides: Mapping[str, Any] | None = None, *, by: str = "") -> Assembly:
        """The owner puts another charter in force."""
        text = self.charter(preset, overrides)
        move = Move(ref=MAIN, old=self.state.refs[MAIN], new=self.oid())
        self.act(by or self.founder, payloads.CharterAmended(charter=text), move)
        return self

    def publish(self, slug: str = "spam", version: str = "1.0.0", *, by: str = "") -> Release:
        """The owner releases a policy."""
        release = self.release(slug, version)
        change = "minor" if slug in self.state.policies else "first"
        payload = payloads.Published(release=release, change=change, mode="owner")
        self.act(by or self.founder, payload, *self.release_moves((release,), release.commit))
        return release

    def run(self, content: str, slug: str = "spam") -> str:
        """A recorded run of this content; gives its commit."""
        commit = self.oid()
        payload = payloads.RunRecorded(
            slug=slug,
            content=content,
            key=self.sha(),
            engine="replay@1",
            commit=commit,
            record=self.sha(),
            predictions=self.sha(),
        )
        runs = "refs/commons/runs"
        self.act(self.founder, payload, Move(ref=runs, old=self.state.refs.get(runs), new=commit))
        return commit

    def measure(
        self,
        number: int,
        change: PolicyChange,
        found: payloads.Endpoint,
        *,
        by: str = "",
        **other: str,
    ) -> Event:
        """Both runs are recorded, as the charter asks for them but for `other`, and what they say."""
        assert change.base is not None
        base, head = self.run(change.base, change.slug), self.run(change.head, change.slug)
        asked = self.state.charter_rules.evidence
        how = {
            "model": asked.model.id,
            "revision": asked.model.revision or "f" * 40,
            "effort": asked.model.effort,
            "template": asked.model.template,
            "suite": asked.suites[0] if asked.suites else "public",
            **other,
        }
        said = payloads.EvidenceRecorded(
            number=number,
            content=self.open(number).content,
            slug=change.slug,
            base=base,
            head=head,
            digest=self.sha(),
            missed=found,
            flagged=endpoint(),
            **how,
        )
        return self.act(by or self.founder, said)

    # Proposals

    def propose(
        self,
        actor: str,
        *changes: PolicyChange,
        charter: CharterText | None = None,
        lineage: tuple[str, ...] = (),
    ) -> int:
        """Opens a proposal; by default one that changes spam's labels. Gives its number."""
        self.settle()
        if not changes and charter is None:
            changes = (self.change(),)
        number = self.state.proposed + 1
        revision = self.revision(*changes, charter=charter)
        payload = payloads.Proposed(number=number, title=self.sha(), revision=revision, lineage=lineage)
        self.act(actor, payload, Move(ref=head_ref(number), old=None, new=revision.head))
        return number

    def propose_withdrawal(self, actor: str, slug: str = "spam", version: str = "1.0.0") -> int:
        """Proposes that a release is not to be used any more."""
        withdrawal = payloads.Withdrawal(slug=slug, version=version)
        number = self.state.proposed + 1
        self.act(actor, payloads.Proposed(number=number, title=self.sha(), withdrawal=withdrawal))
        return number

    def propose_admission(self, actor: str, handle: str) -> int:
        """Proposes that an applicant becomes a member."""
        number = self.state.proposed + 1
        self.act(actor, payloads.Proposed(number=number, title=self.sha(), admission=handle))
        return number

    def revise(
        self,
        actor: str,
        number: int,
        *changes: PolicyChange,
        charter: CharterText | None = None,
        lineage: tuple[str, ...] = (),
        took: int | None = None,
    ) -> None:
        """A new revision."""
        self.settle()
        if not changes and charter is None:
            changes = (self.change(),)
        revision = self.revision(*changes, charter=charter)
        move = Move(ref=head_ref(number), old=self.state.refs.get(head_ref(number)), new=revision.head)
        payload = payloads.Revised(number=number, revision=revision, lineage=lineage, took=took)
        self.act(actor, payload, move)

    def give_up(self, actor: str, number: int) -> None:
        """Its author or sponsor has enough of it."""
        self.settle()
        proposal = self.state.proposals[number]
        others = {proposal.author, proposal.sponsor} - {actor, None}
        moves = () if others or proposal.revision is None else self.clearing(self.state, proposal)
        self.act(actor, payloads.ProposalWithdrawn(number=number), *moves)

    def approve(self, number: int, *actors: str) -> None:
        """Each approves what is proposed now."""
        for actor in actors:
            content = self.state.proposals[number].content
            self.act(actor, payloads.Reviewed(number=number, content=content, verdict="approve"))

    def object(self, actor: str, number: int) -> int:
        """Objects, and gives the event's number."""
        return self.act(actor, payloads.Objected(number=number, reason=self.sha(), remedy=self.sha())).seq

    def vote(self, number: int, choice: str, *actors: str) -> None:
        """Each votes so; into a box where ballots are sealed."""
        for actor in actors:
            self.settle()
            proposal = self.state.proposals.get(number)
            content = proposal.content if proposal else self.state.ended[number].content
            sealed = proposal is not None and proposal.frozen is not None and proposal.frozen.box is not None
            said = {"box": f"{choice}:{actor}"} if sealed else {"choice": choice}
            self.act(actor, payloads.BallotCast(number=number, content=content, **said))

    def open_boxes(self, number: int) -> Event:
        """The registry opens a sealed vote that is over; boxes hold what `vote` put in, others are spoilt."""
        self.settle()
        proposal = self.state.proposals[number]
        assert proposal.frozen is not None
        opened = tuple(_opened(who, proposal.ballots[who].box or "") for who in sorted(proposal.ballots))
        tally = count(proposal, {one.member: one.choice for one in opened})
        payload = payloads.VotingClosed(
            number=number, tally=tally, due=proposal.frozen.ends, key="key", opened=opened
        )
        over = tally.outcome != ACCEPTED and proposal.revision is not None
        moves = self.clearing(self.state, proposal) if over else ()
        return self.do(Draft(type="voting_closed", actor=REGISTRAR, payload=payload, moves=moves))

    def enact(self, number: int) -> Event:
        """The registry brings an accepted proposal into force."""
        self.settle()
        return self.do(self.enacting(number))

    def enacting(self, number: int) -> Draft:
        """The act that brings a proposal into force."""
        proposal = self.state.proposals[number]
        changes = proposal.revision.changes if proposal.revision else ()
        commit = self.oid() if proposal.revision else None
        releases = tuple(self.next_release(one, commit) for one in changes) if commit else ()
        moves = self.release_moves(releases, commit) if commit else ()
        moves += self.clearing(self.state, proposal)
        payload = payloads.Enacted(number=number, releases=releases, commit=commit)
        return Draft(type="enacted", actor=REGISTRAR, payload=payload, moves=moves)

    def ready(self) -> list[int]:
        """The proposals that may come into force now, whose turn it is."""
        return sorted(
            proposal.number
            for proposal in self.state.proposals.values()
            if proposal.stage is Stage.ACCEPTED
            and enactable_at(self.state, proposal) <= self.at
            and first_in_line(self.state, proposal).number == proposal.number
        )

    def do_host_work(self) -> None:
        """Opens sealed votes that are over, and brings into force, or sends back, what is ready."""
        for number, proposal in sorted(self.state.proposals.items()):
            frozen = proposal.frozen
            if (
                proposal.stage is Stage.VOTING
                and frozen is not None
                and frozen.box
                and frozen.ends <= self.at
                and number in self.state.proposals
            ):
                self.open_boxes(number)
        while ready := self.ready():
            number = ready[0]
            revision = self.open(number).revision
            if revision and revision.charter and unfit_charter(self.state, revision.charter, self.at):
                self.send_back(number, "charter-unreachable")
            else:
                self.enact(number)

    def send_back(self, number: int, why: str) -> Event:
        """The registry cannot bring an accepted proposal into force."""
        self.settle()
        returned = payloads.Returned(number=number, why=why, due=self.at)
        return self.do(Draft(type="returned", actor=REGISTRAR, payload=returned))

    def undo(self, actor: str, number: int) -> None:
        """Takes back what came into force."""
        self.settle()
        commit = self.oid()
        before = self.state.ended[number].before
        changes = tuple(
            self.change(slug, head=self.state.current_content(content)) for slug, content in before
        )
        releases = tuple(self.next_release(one, commit) for one in changes)
        payload = payloads.Undone(number=number, reason=self.sha(), releases=releases, commit=commit)
        self.act(actor, payload, *self.release_moves(releases, commit))

    def open(self, number: int) -> Proposal:
        """An open proposal."""
        return self.state.proposals[number]

    def over(self, number: int) -> Ended:
        """A proposal that is over."""
        return self.state.ended[number]

    def stage(self, number: int) -> Stage:
        """Where a proposal stands."""
        open_one = self.state.proposals.get(number)
        return open_one.stage if open_one else self.state.ended[number].stage


def _opened(member: str, box: str) -> payloads.OpenedBallot:
    choice = box.partition(":")[0]
    if choice in ("yes", "no", "abstain"):
        return payloads.OpenedBallot(member=member, choice=choice)
    return payloads.OpenedBallot(member=member, spoilt="unreadable")
