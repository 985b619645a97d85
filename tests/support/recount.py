"""A second reading of a log, slow and plain, to hold the fold against.

It takes from the code under test nothing but the events and the values of charters: who belongs, who may vote
and what a vote comes to is worked out here again, from the words of the design.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal, getcontext
from fractions import Fraction

from governance import payloads
from governance.charter.model import ChangeClass, Charter, Formula, Mode
from governance.charter.resolve import resolve
from governance.events import Event
from policies.canonical import canonical_digest

HOUR = 3_600
FREE = ("clock_confirmed", "registry_key_set")


@dataclass
class Person:
    """Somebody who was admitted."""

    joined: int
    acted: int
    left: int | None = None


@dataclass
class Vote:
    """An open vote: what was frozen, and each member's last ballot in time."""

    charter: Charter
    roll: set[str]
    opens: int
    closes: int
    choices: dict[str, str | None] = field(default_factory=dict)


@dataclass
class Recount:
    """Reads events one by one; raises `AssertionError` where one states what does not follow."""

    charter: Charter | None = None
    people: dict[str, Person] = field(default_factory=dict)
    frozen: dict[int, tuple[Charter, set[str]]] = field(default_factory=dict)
    votes: dict[int, Vote] = field(default_factory=dict)
    closed: dict[int, str] = field(default_factory=dict)
    charters: dict[int, payloads.CharterText] = field(default_factory=dict)
    admissions: dict[int, str] = field(default_factory=dict)

    def read(self, event: Event) -> None:
        """One event more."""
        said = event.payload
        match said:
            case payloads.Founded():
                self.charter = resolve(said.preset, said.overrides)
                self.people[said.founder] = Person(event.at, event.at)
            case payloads.CharterAmended():
                self.charter = resolve(said.charter.preset, said.charter.overrides)
            case payloads.Admitted():
                self.people[said.member] = Person(said.due, said.due)
            case payloads.Left() if event.actor in self.people:
                self.people[event.actor].left = event.at
            case payloads.Proposed(revision=payloads.Revision(charter=text)) if text:
                self.charters[said.number] = text
            case payloads.Revised(revision=payloads.Revision(charter=text)):
                self.charters.pop(said.number, None)
                if text:
                    self.charters[said.number] = text
                self.frozen.pop(said.number, None)
            case payloads.CommentOpened():
                self.frozen[said.number] = (self._charter, self.roll_at(said.due))
                assert said.roll == canonical_digest(sorted(self.frozen[said.number][1]))
            case payloads.Escalated() | payloads.Returned() | payloads.VotingVoided():
                self.frozen.pop(said.number, None)
                self.votes.pop(said.number, None)
            case payloads.VotingOpened():
                self._open(said)
            case payloads.BallotCast() if said.number in self.votes:
                vote = self.votes[said.number]
                assert event.actor in vote.roll
                if event.at < vote.closes:
                    vote.choices[event.actor] = said.choice
            case payloads.VotingClosed():
                self._close(event, said)
            case payloads.Enacted():
                text = self.charters.get(said.number)
                if text:
                    self.charter = resolve(text.preset, text.overrides)
            case _:
                pass
        person = self.people.get(event.actor)
        if person and person.left is None and event.type not in FREE:
            person.acted = max(person.acted, event.at)

    def admit(self, handle: str, at: int) -> None:
        """Somebody was admitted by a vote, which the log does not say in a word of its own."""
        self.people[handle] = Person(at, at)

    def roll_at(self, at: int) -> set[str]:
        """Who may vote in what opens at this second."""
        rules = self._charter.membership
        return {
            handle
            for handle, person in self.people.items()
            if person.left is None
            and at - person.joined >= rules.tenure_before_vote_hours * HOUR
            and at - person.acted < rules.inactive_after_hours * HOUR
        }

    @property
    def _charter(self) -> Charter:
        assert self.charter is not None
        return self.charter

    def _open(self, said: payloads.VotingOpened) -> None:
        charter, roll = self.frozen.get(said.number) or (self._charter, self.roll_at(said.due))
        assert said.roll == canonical_digest(sorted(roll))
        assert said.voters == len(roll)
        self.votes[said.number] = Vote(charter, roll, said.due, said.closes)

    def _close(self, event: Event, said: payloads.VotingClosed) -> None:
        vote = self.votes.pop(said.number)
        assert said.number not in self.closed, "a vote is closed once"
        choices = vote.choices
        if said.key is not None:
            choices = {one.member: one.choice for one in said.opened}
            assert sorted(choices) == sorted(vote.choices)
        tally = said.tally
        yes, no, abstain = (sum(c == word for c in choices.values()) for word in ("yes", "no", "abstain"))
        assert (tally.yes, tally.no, tally.abstain) == (yes, no, abstain)
        assert tally.voters == len(vote.roll)
        if said.due < vote.closes:
            assert yes == len(vote.roll), "a vote ends early only when everybody on the roll said yes"
        if said.number in self.charters and len(tally.requirements) > 1:
            assert tally.requirements[1].charter == self.charters[said.number].blob
        if tally.outcome == "accepted":
            assert all(one.quorum_met and one.threshold_met for one in tally.requirements)
        for required in tally.requirements:
            assert required.quorum_met == (yes >= required.quorum)
            share = Fraction(*map(int, required.threshold.split("/")))
            passed = yes > 0 and (
                2 * yes > yes + no if share == Fraction(1, 2) else yes >= share * (yes + no)
            )
            assert required.threshold_met == passed
        if tally.outcome != "accepted":
            self.closed[said.number] = tally.outcome


def requirement(charter: Charter, kind: ChangeClass, voters: int) -> tuple[int, Fraction]:
    """The quorum and the threshold of a kind of change, by decimal square roots."""
    rules = charter.rules(kind)
    if rules.mode is Mode.ALL_APPROVE:
        return voters, Fraction(1)
    assert rules.quorum is not None
    assert rules.threshold is not None
    getcontext().prec = 60
    factor = Decimal(rules.quorum.factor.numerator) / Decimal(rules.quorum.factor.denominator)
    value = factor * (Decimal(voters).sqrt() if rules.quorum.formula is Formula.SQRT else Decimal(voters))
    # Sixty digits are more than enough to tell a whole number from one just above it.
    rounded = int(value.quantize(Decimal("1e-40")).to_integral_value(ROUND_CEILING))
    return max(rules.quorum.floor, rounded), rules.threshold


def recounted(events: Iterable[Event]) -> Recount:
    """The whole log, read again."""
    recount = Recount()
    for event in events:
        recount.read(event)
    return recount
