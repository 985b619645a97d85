"""Random acts of people about who belongs: the first part of the machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from governance import payloads
from governance.errors import RefusedError
from governance.payloads import Move
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.made import public_key

MEMBERS = ("ana", "bo", "cy", "di", "ed", "fi", "gu", "ha", "ira")
OUTSIDERS = ("xo", "yu", "zed")
BUSY = ("quick", "open", "sealed", "gate") * 2
"""Charters under which most can happen, and so are looked at more often."""
ORGANISATIONS = ("independent", "acme", "youth")

members = st.sampled_from(MEMBERS)
anybody = st.sampled_from(MEMBERS + OUTSIDERS)
outsiders = st.sampled_from(OUTSIDERS)


class Watched(Assembly):
    """An assembly that keeps every state that it was in; states share almost everything."""

    def __init__(self, **options: Any) -> None:
        self.states: list[Any] = []
        super().__init__(**options)

    def _append(self, draft: Any) -> Any:
        event = super()._append(draft)
        self.states.append(self.state)
        return event


class People(RuleBasedStateMachine):
    """Who belongs, with which keys, and what time it is."""

    def __init__(self) -> None:
        super().__init__()
        self.commons = Watched(keyed=True)

    @initialize(name=st.sampled_from((*sorted(CHARTERS), *BUSY)), acme=st.integers(0, 4))
    def begin(self, name: str, acme: int) -> None:
        """Nine members, some of one organisation, a policy, and a charter."""
        commons = self.commons
        commons.publish()
        for count, handle in enumerate(MEMBERS[1:]):
            commons.join(handle, affiliation="acme" if count < acme else "independent")
        commons.wait(800)
        preset, overrides = CHARTERS[name]
        if name != "solo":
            commons.amend(preset, overrides)
        for handle in MEMBERS[1:]:
            commons.act(handle, payloads.AffiliationDeclared(affiliation=_now(commons, handle)))

    def attempt(self, actor: str, payload: payloads.Payload, *moves: Move) -> bool:
        """Whether the act was allowed."""
        return self.tried(lambda: self.commons.act(actor, payload, *moves))

    def tried(self, act: Callable[[], object]) -> bool:
        """The same for any piece of work."""
        self.commons.settle()
        try:
            act()
        except RefusedError:
            return False
        return True

    # Time

    @rule(hours=st.sampled_from((0.001, 1, 4, 20, 24, 72, 168, 336, 1000)))
    def wait(self, hours: float) -> None:
        """Time passes, and the clock does what it owes at each hour of it."""
        whole, rest = divmod(hours, 1)
        for _ in range(int(whole)):
            self.commons.wait(1)
        self.commons.wait(rest)

    @rule(hours=st.sampled_from((1, 30, 100, 500, 2200)))
    def sleep(self, hours: float) -> None:
        """Time passes while nobody is there."""
        self.commons.sleep(hours)

    # Membership

    @rule(by=members, who=outsiders)
    def invite(self, by: str, who: str) -> None:
        """Somebody is asked to join."""
        self.attempt(by, payloads.Invited(member=who))

    @rule(who=anybody, organisation=st.sampled_from(ORGANISATIONS))
    def apply(self, who: str, organisation: str) -> None:
        """Somebody asks to join, perhaps one who had left."""
        self.attempt(who, payloads.Applied(affiliation=organisation))

    @rule(who=outsiders, by=st.sets(members, min_size=1, max_size=3))
    def vouch(self, who: str, by: set[str]) -> None:
        """Members vouch for an applicant."""
        for handle in sorted(by):
            self.attempt(handle, payloads.Vouched(member=who))

    @rule(who=anybody)
    def leave(self, who: str) -> None:
        """Somebody leaves, or takes an application back."""
        self.attempt(who, payloads.Left())

    @rule(who=members, organisation=st.sampled_from(ORGANISATIONS))
    def declare(self, who: str, organisation: str) -> None:
        """A member acts for another organisation."""
        self.attempt(who, payloads.AffiliationDeclared(affiliation=organisation))

    @rule(who=members, number=st.integers(1, 2))
    def add_key(self, who: str, number: int) -> None:
        """A member registers a key and signs with it from here on."""
        public = public_key(f"{who} {number}")
        if self.attempt(who, payloads.KeyAdded(public=public)):
            self.commons.sign_with(who, public)

    @rule(who=members)
    def revoke_key(self, who: str) -> None:
        """A member revokes the last key and goes back to the registry's word."""
        member = self.commons.state.people.members[who]
        if member.keys and self.attempt(who, payloads.KeyRevoked(fingerprint=member.keys[-1].fingerprint)):
            self.commons.sign_with(who, None)

    @rule(who=members)
    def witness(self, who: str) -> None:
        """A member vouches for the log."""
        self.attempt(who, payloads.Witnessed())


def _now(commons: Assembly, handle: str) -> str:
    return commons.state.people.members[handle].affiliation
