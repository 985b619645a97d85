"""A town that decides together for years: the same season of events over and over, made as fast as may be."""

from __future__ import annotations

from collections import deque

from governance import payloads
from governance.ballots.counting import CHOICES
from governance.membership.affiliation import acts_for
from governance.payloads import PolicyChange
from governance.proposals.reviews import has_conflict
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.made import endpoint

MEMBERS = 120
POLICIES = 40
VOTERS = 40
"""Of the members, those who vote on a contested change."""
NEWCOMERS = 8
"""Who joins in a season; as many leave."""

_PRESET, _QUICK = CHARTERS["open"]
_RULES = {
    **_QUICK,
    "membership.joins_min_per_30d": 1_000,
    "membership.max_affiliation_share": "1",
    "attention.open_proposals_per_member": 3,
    "attention.reviews_owed_per_proposal": 0,
    "evidence.mode": "advisory",
}


class Town(Assembly):
    """A hundred and twenty people and forty policies under an open community's charter with short times."""

    def __init__(self) -> None:
        super().__init__()
        for number in range(POLICIES):
            self.publish(f"policy-{number:02d}")
        self.amend("solo@1", {"membership.join": "open", "membership.joins_min_per_30d": 1_000})
        self.crowd: deque[str] = deque()
        self._newest = 0
        for _ in range(MEMBERS - 1):
            self._join()
        self.wait(days=31)
        self.amend(_PRESET, _RULES)
        self.seasons = 0

    def season(self) -> None:
        """Three days: changes of every kind with every end, newcomers, and what people say about it."""
        self.seasons += 1
        slugs = [f"policy-{(self.seasons * 8 + place) % POLICIES:02d}" for place in range(8)]
        authors = self._some(8)
        changes = [self._change(slug, place) for place, slug in enumerate(slugs)]
        numbers = [self.propose(who, one) for who, one in zip(authors, changes, strict=True)]
        latest = self.state.policies[slugs[7]].latest.version
        numbers.append(self.propose_withdrawal(self._next(), slugs[7], latest))
        for number in numbers:
            self._discuss(number)
        self.measure(numbers[2], changes[2], endpoint(), by=self._next())
        self.revise(authors[3], numbers[3], self._change(slugs[3], 3))
        self.give_up(authors[4], numbers.pop(4))
        for number in numbers:
            self.approve(number, self._reviewer(number), self._reviewer(number))
        self._come_and_go()
        self.wait(3)
        contested = numbers[2:5]
        for number in contested:
            self.object(self._next(), number)
        self.wait(7)
        for place, number in enumerate(contested):
            self._vote(number, against=place == 0)
        self.wait(7)
        self._challenge(contested[1])
        self.wait(25)
        self.ready_to_enact()
        for slug in slugs[:3]:
            self.run(self.state.policies[slug].latest.content, slug)
        self.wait(31)

    def ready_to_enact(self) -> None:
        """Brings into force what is ready, one after the other."""
        while ready := self.ready():
            self.enact(ready[0])

    def _change(self, slug: str, place: int) -> PolicyChange:
        return self.change(slug, "cases_added") if place < 2 else self.change(slug)

    def _discuss(self, number: int) -> None:
        """Members comment, somebody from outside asks, and is answered."""
        for who in self._some(6):
            self.act(who, payloads.Commented(number=number, text=self.sha()))
        asked = self.act("outsider", payloads.Commented(number=number, text=self.sha())).seq
        self.act(self._next(), payloads.Answered(number=number, comments=(asked,), text=self.sha()))

    def _come_and_go(self) -> None:
        """As many join as leave, and some act for another organisation from now on."""
        for _ in range(NEWCOMERS):
            self._join()
            self.act(self.crowd.popleft(), payloads.Left())
        for who in self._some(4):
            said = payloads.AffiliationDeclared(affiliation=f"org-{self.seasons % 9}")
            self.act(who, said)

    def _vote(self, number: int, *, against: bool) -> None:
        for place, who in enumerate(self._some(VOTERS)):
            choice = CHOICES[1] if against and place % 3 else CHOICES[0]
            self.vote(number, choice, who)

    def _challenge(self, number: int) -> None:
        """Three members pause it; a day later a lot draws the panel, which lets it stand."""
        assert self.stage(number) is Stage.ACCEPTED
        for who in self._some(3):
            self.act(who, payloads.Challenged(number=number, reason=self.sha()))
        self.wait(24)
        while not self.open(number).panel:
            self.act(self._next(), payloads.Commented(number=number, text=self.sha()))
        for who in self.open(number).panel[:2]:
            self.act(who, payloads.Ruled(number=number, ruling="uphold", reason=self.sha()))

    def _join(self) -> None:
        self._newest += 1
        handle = f"member-{self._newest}"
        self.join(handle)
        self.crowd.append(handle)

    def _next(self) -> str:
        """Whose turn it is to do something, so that everybody stays active."""
        self.crowd.rotate(-1)
        return self.crowd[-1]

    def _reviewer(self, number: int) -> str:
        proposal = self.open(number)
        while True:
            who = self._next()
            if not has_conflict(proposal, who, acts_for(self.state.people.members[who], self.at)):
                return who

    def _some(self, count: int) -> list[str]:
        return [self._next() for _ in range(count)]
