"""A commons in memory: people act, the clock does what it owes, and every event goes through the fold.

What the registry does with objects and a disk is done here with made-up ids; the rules are the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance import payloads
from governance.authority import ATTIC, MAIN, head_ref, tag_of
from governance.commons import Commons
from governance.events import Draft, Event, encode_event, event_digest, place
from governance.owed import owed_draft
from governance.payloads import CharterText, Move, PolicyChange, Release, Revision
from governance.proposals.state import Proposal, Stage
from governance.proposals.line import standing_content
from governance.registrar import REGISTRAR
from governance.replay import apply

START = 1_767_225_600
"""2026-01-01 00:00 UTC."""
HOUR = 3_600
DAY = 24 * HOUR


def oid(number: int) -> str:
    """A made-up Git id."""
    return f"{number:040x}"


def sha(number: int) -> str:
    """A made-up SHA-256."""
    return f"{number:064x}"


class Assembly:
    """A commons whose clock is turned by hand. `state`, `events` and `at` may be read at any time."""

    def __init__(self, founder: str = "ana", *, name: str = "roost", preset: str = "solo@1") -> None:
        self.at = START
        self.events: list[Event] = []
        self.founder = founder
        self._ids = 1_000
        payload = payloads.Founded(name=name, founder=founder, preset=preset)
        move = Move(ref=MAIN, old=None, new=self.oid())
        self.state: Commons = self._append(
            Draft(type="founded", actor=founder, payload=payload, moves=(move,), charter=self.oid())
        )

    def oid(self) -> str:
        """A Git id that was not used yet."""
        self._ids += 1
        return oid(self._ids)

    def sha(self) -> str:
        """A SHA-256 that was not used yet."""
        self._ids += 1
        return sha(self._ids)

    # Time

    def wait(self, hours: float = 0, *, days: float = 0) -> Assembly:
        """Lets time pass, and the clock do what it owes meanwhile."""
        self.at += round(hours * HOUR + days * DAY)
        self.settle()
        return self

    def sleep(self, hours: float) -> Assembly:
        """Lets time pass while nobody is there to record anything."""
        self.at += round(hours * HOUR)
        return self

    def settle(self) -> None:
        """Records what the clock owes, and brings into force what may come into force."""
        while True:
            draft = owed_draft(self.state, self.at, clearing=self._clearing, box=lambda *_: "box")
            if draft is None:
                break
            self._record(draft)

    # People

    def act(self, actor: str, payload: payloads.Payload, *moves: Move) -> Event:
        """One act, after what the clock owes; raises `RefusedError`."""
        self.settle()
        type_ = next(name for name, schema in payloads.TYPES.items() if type(payload) is schema)
        event = self._record(Draft(type=type_, actor=actor, payload=payload, moves=moves))
        self.settle()
        return event

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

    def charter(self, preset: str, overrides: Mapping[str, Any] | None = None) -> CharterText:
        """A charter's facts."""
        return CharterText(blob=self.oid(), preset=preset, overrides=dict(overrides or {}))

    # Policies

    def publish(self, slug: str = "spam", version: str = "1.0.0", *, by: str = "") -> Release:
        """The owner releases a policy."""
        release = self.release(slug, version)
        payload = payloads.Published(release=release, change=self._change(slug), mode="owner")
        self.act(by or self.founder, payload, *self._release_moves((release,), release.commit))
        return release

    def release(self, slug: str, version: str, content: str | None = None) -> Release:
        """A release's facts."""
        return Release(
            slug=slug,
            version=version,
            content=content or self.sha(),
            folder=self.sha(),
            commit=self.oid(),
            tag=self.oid(),
        )

    # Proposals

    def change(self, slug: str = "spam", *touches: str, head: str | None = None) -> PolicyChange:
        """A change of what main holds now."""
        base = standing_content(self.state, slug)
        return PolicyChange(
            slug=slug,
            base=base,
            head=head or self.sha(),
            touches=touches or (("created",) if base is None else ("wording", "labels")),
            declared="first" if base is None else "minor",
        )

    def revision(self, *changes: PolicyChange, charter: CharterText | None = None) -> Revision:
        """A revision with these changes."""
        return Revision(head=self.oid(), base=self.state.refs[MAIN], changes=changes, charter=charter)

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

    def revise(self, actor: str, number: int, *changes: PolicyChange) -> None:
        """A new revision."""
        self.settle()
        revision = self.revision(*(changes or (self.change(),)))
        move = Move(ref=head_ref(number), old=self.state.refs[head_ref(number)], new=revision.head)
        self.act(actor, payloads.Revised(number=number, revision=revision), move)

    def approve(self, number: int, *actors: str) -> None:
        """Each approves what is proposed now."""
        for actor in actors:
            content = self.state.proposals[number].content
            self.act(actor, payloads.Reviewed(number=number, content=content, verdict="approve"))

    def object(self, actor: str, number: int) -> int:
        """Objects, and gives the event's number."""
        return self.act(actor, payloads.Objected(number=number, reason=self.sha(), remedy=self.sha())).seq

    def vote(self, number: int, choice: str, *actors: str) -> None:
        """Each votes so."""
        proposal = self.state.proposals.get(number)
        content = proposal.content if proposal else self.state.ended[number].content
        for actor in actors:
            self.act(actor, payloads.BallotCast(number=number, content=content, choice=choice))

    def enact(self, number: int) -> Event:
        """The registry brings an accepted proposal into force."""
        self.settle()
        proposal = self.state.proposals[number]
        changes = proposal.revision.changes if proposal.revision else ()
        releases = tuple(self.release(one.slug, self._next(one.slug), one.head) for one in changes)
        commit = self.oid() if proposal.revision else None
        if commit is not None:
            releases = tuple(_at(release, commit) for release in releases)
        moves = self._release_moves(releases, commit) if commit else ()
        moves += self._clearing(self.state, proposal)
        payload = payloads.Enacted(number=number, releases=releases, commit=commit)
        event = self._record(Draft(type="enacted", actor=REGISTRAR, payload=payload, moves=moves))
        self.settle()
        return event

    def undo(self, actor: str, number: int) -> None:
        """Takes back what came into force."""
        self.settle()
        commit = self.oid()
        releases = tuple(
            _at(self.release(slug, self._next(slug), content), commit)
            for slug, content in self.state.ended[number].before
        )
        payload = payloads.Undone(number=number, reason=self.sha(), releases=releases, commit=commit)
        self.act(actor, payload, *self._release_moves(releases, commit))

    def stage(self, number: int) -> Stage:
        """Where a proposal stands."""
        open_one = self.state.proposals.get(number)
        return open_one.stage if open_one else self.state.ended[number].stage

    # Within

    def _record(self, draft: Draft) -> Event:
        self.state = self._append(draft)
        return self.events[-1]

    def _append(self, draft: Draft) -> Commons:
        before = getattr(self, "state", None)
        event = place(
            draft,
            seq=before.seq + 1 if before else 1,
            at=self.at,
            charter=before.charter if before else draft.charter or "",
            prev=before.prev if before else None,
        )
        state = apply(before, event, event_digest(encode_event(event)))
        self.events.append(event)
        return state

    def _clearing(self, state: Commons, proposal: Proposal) -> tuple[Move, ...]:
        if proposal.revision is None:
            return ()
        head = head_ref(proposal.number)
        return (
            Move(ref=head, old=state.refs[head], new=None),
            Move(ref=ATTIC, old=state.refs.get(ATTIC), new=self.oid()),
        )

    def _release_moves(self, releases: tuple[Release, ...], commit: str) -> tuple[Move, ...]:
        main = Move(ref=MAIN, old=self.state.refs[MAIN], new=commit)
        return (main, *(Move(ref=tag_of(release), old=None, new=release.tag) for release in releases))

    def _change(self, slug: str) -> str:
        return "minor" if slug in self.state.policies else "first"

    def _next(self, slug: str) -> str:
        policy = self.state.policies.get(slug)
        if policy is None:
            return "1.0.0"
        major, minor, _ = policy.latest.version.split(".")
        return f"{major}.{int(minor) + 1}.0"


def _at(release: Release, commit: str) -> Release:
    return Release(
        slug=release.slug,
        version=release.version,
        content=release.content,
        folder=release.folder,
        commit=commit,
        tag=release.tag,
    )
