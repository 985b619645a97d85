"""A log in memory whose clock is turned by hand: every event goes through the fold, as in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, Self

from governance import payloads
from governance.authority import ATTIC, MAIN, head_ref
from governance.commons import Commons
from governance.events import Draft, Event, encode_event, event_digest, place
from governance.membership.leaving import fingerprint_of
from governance.owed import owed_draft
from governance.payloads import Move
from governance.proposals.state import Proposal
from governance.replay import apply
from tests.support.made import DAY, HOUR, START, Made, named_oid, public_key

_TYPES = {schema: name for name, schema in payloads.TYPES.items()}
REGISTRY_KEY = public_key("the registry")
REGISTRY_FINGERPRINT = fingerprint_of(REGISTRY_KEY)


class Act(NamedTuple):
    """Something that a person or the host did, and when; the clock's own steps are none."""

    at: int
    draft: Draft


class Clockwork(Made):
    """A commons whose clock is turned by hand. `state`, `events` and `at` may be read at any time.

    `acts` is what people and the host did, so that it can be done again. With `keyed` the registry has a key
    and vouches for every event.
    """

    def __init__(
        self,
        founder: str = "ana",
        *,
        name: str = "roost",
        parent: str | None = None,
        preset: str = "solo@1",
        overrides: Mapping[str, Any] | None = None,
        keyed: bool = False,
        at: int = START,
    ) -> None:
        super().__init__()
        self.at = at
        self.events: list[Event] = []
        self.acts: list[Act] = []
        self.founder = founder
        self.keyed = keyed
        self._signing: dict[str, str] = {}
        payload = payloads.Founded(
            name=name,
            founder=founder,
            parent=parent,
            preset=preset,
            overrides=dict(overrides or {}),
            registry=REGISTRY_KEY if keyed else None,
        )
        move = Move(ref=MAIN, old=None, new=self.oid())
        self._append(Draft(type="founded", actor=founder, payload=payload, moves=(move,), charter=self.oid()))

    # Time

    def wait(self, hours: float = 0, *, days: float = 0) -> Self:
        """Lets time pass, and the clock do what it owes meanwhile."""
        self.at += round(hours * HOUR + days * DAY)
        self.settle()
        return self

    def sleep(self, hours: float) -> Self:
        """Lets time pass while nobody is there to record anything."""
        self.at += round(hours * HOUR)
        return self

    def settle(self) -> None:
        """Records what the clock owes."""
        for _ in range(10_000):
            draft = self.owed()
            if draft is None:
                return
            self._append(draft)
        raise AssertionError("the clock owes without end")

    def owed(self) -> Draft | None:
        """What the clock owes first."""
        return owed_draft(self.state, self.at, clearing=self.clearing, box=lambda *_: "box")

    # Acts

    def act(self, actor: str, payload: payloads.Payload, *moves: Move) -> Event:
        """One act, after what the clock owes; raises `RefusedError`."""
        return self.do(self.draft(actor, payload, *moves))

    @staticmethod
    def draft(actor: str, payload: payloads.Payload, *moves: Move) -> Draft:
        """An act before it has a place in the log."""
        return Draft(type=_TYPES[type(payload)], actor=actor, payload=payload, moves=moves)

    def do(self, draft: Draft) -> Event:
        """One act that is made already, and what follows from it at once."""
        self.settle()
        event = self._append(draft)
        self.acts.append(Act(self.at, replace(draft, key=event.key, sig=event.sig)))
        self.settle()
        return event

    def sign_with(self, actor: str, public: str | None) -> None:
        """From here on this member signs with a key of their own, or again with none."""
        if public is None:
            self._signing.pop(actor, None)
        else:
            self._signing[actor] = fingerprint_of(public)

    # Within

    def place(self, draft: Draft) -> Event:
        """The draft as the next event, signed by its actor or vouched for where the registry has a key."""
        before = getattr(self, "state", None)
        event = place(
            draft,
            seq=before.seq + 1 if before else 1,
            at=self.at,
            charter=before.charter if before else draft.charter or "",
            prev=before.prev if before else None,
        )
        key = self._signing.get(draft.actor) or self._registry_key(before)
        if isinstance(draft.payload, payloads.RegistryKeySet):
            key = fingerprint_of(draft.payload.public)
        return event if key is None or draft.key is not None else replace(event, key=key, sig="signature")

    def _registry_key(self, state: Commons | None) -> str | None:
        if state is not None and state.registry is not None:
            return state.registry.fingerprint
        return REGISTRY_FINGERPRINT if self.keyed else None

    def clearing(self, state: Commons, proposal: Proposal) -> tuple[Move, ...]:
        """The moves that keep the revisions of a proposal that ends."""
        if proposal.revision is None:
            return ()
        head = head_ref(proposal.number)
        return (
            Move(ref=head, old=state.refs[head], new=None),
            Move(ref=ATTIC, old=state.refs.get(ATTIC), new=named_oid("attic", proposal.number)),
        )

    def _append(self, draft: Draft) -> Event:
        event = self.place(draft)
        self.state = apply(getattr(self, "state", None), event, event_digest(encode_event(event)))
        self.events.append(event)
        return event
