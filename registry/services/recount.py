"""Looks at one event against what was before it, for what the fold cannot see: objects, signatures, boxes.

Part of `commons verify`. The fold has said that the event follows from the log; this says that the facts
in it are true. Each check counts what it looked at, or raises `BrokenError` for the first that is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from governance import payloads
from governance.commons import Commons
from governance.events import Event
from governance.proposals.steps import rules_for
from registry.keys.box_key import published_key
from registry.keys.errors import KeysError
from registry.keys.public_key import Keyring
from registry.keys.registry_key import check_attestation
from registry.keys.sshsig import check_signature
from registry.services.ballot_facts import nonce_of, signed_statement
from registry.services.errors import BrokenError
from registry.services.opening_boxes import opened_ballots
from registry.services.recount_charter import check_brought, check_charter
from registry.services.recount_evidence import Stated, check_evidence
from registry.services.recount_revision import check_revision
from registry.store import log
from registry.store.attic import keep_revisions
from registry.store.objects import Change
from registry.store.refs import ATTIC
from registry.store.repository import Repository

SIGNATURES, CHARTERS, REVISIONS, EVIDENCE, VOTES, ATTIC_LINKS = (
    "signatures",
    "charters",
    "proposals",
    "evidence",
    "sealed votes",
    "attic",
)


class Link(NamedTuple):
    """A link of the attic: who made it, when, and which revisions it keeps."""

    actor: str
    at: int
    revisions: tuple[str, ...]


class Recount:
    """Goes along with a replay; `counts` has how many things of each kind were looked at."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._keys = Keyring()
        self._revisions: list[tuple[Event, payloads.Revision, tuple[str, ...]]] = []
        self._brought: list[tuple[Event, str, str]] = []
        self._evidence: list[Stated] = []
        self._moved_runs: dict[str, str] = {}
        self._links: list[Link] = []
        self.counts: Counter[str] = Counter()

    def look(self, before: Commons | None, entry: log.LogEntry) -> None:
        """Checks one event. Raises `BrokenError`."""
        event = entry.event
        if event.key is not None:
            self._signature(before, event)
        check = _CHECKS.get(event.type)
        if check is not None:
            check(self, before, event, event.payload)
        if any(move.ref == ATTIC for move in event.moves):
            self._attic(before, event)

    def finish(self, state: Commons) -> None:
        """Looks at every revision and run as they stand now: a redaction may have moved them.

        Raises `BrokenError`.
        """
        for event, revision, replaced in self._revisions:
            check_revision(self._repository, state, event, revision, replaced)
            self.counts[REVISIONS] += 1
        for stated in self._evidence:
            check_evidence(self._repository, state, stated, self._moved_runs)
            self.counts[EVIDENCE] += 1
        for event, commit, blob in self._brought:
            check_brought(self._repository, state, f"event {event.seq}", commit, blob)

    def _signature(self, before: Commons | None, event: Event) -> None:
        place = f"event {event.seq}"
        assert event.key is not None
        assert event.sig is not None
        try:
            self._check_signature(before, event)
        except KeysError as error:
            raise BrokenError(place, f"its signature does not hold: {error.rule}") from error
        self.counts[SIGNATURES] += 1

    def _check_signature(self, before: Commons | None, event: Event) -> None:
        said = event.payload
        if isinstance(said, payloads.Founded | payloads.RegistryKeySet):
            brought = said.registry if isinstance(said, payloads.Founded) else said.public
            check_attestation(event, self._keys.key(brought or ""))
            return
        assert before is not None
        registry = before.registry
        if registry is not None and event.key == registry.fingerprint:
            check_attestation(event, self._keys.key(registry.public))
            return
        member = before.people.members[event.actor]
        key = member.key(event.key or "")
        assert key is not None
        nonce = nonce_of(member)
        namespace, statement = signed_statement(before, event, nonce)
        check_signature(event.sig or "", statement, namespace, self._keys.key(key.public))

    def founded(self, _before: Commons | None, event: Event, said: payloads.Founded) -> None:
        """The charter that the founding brings."""
        text = payloads.CharterText(blob=event.charter, preset=said.preset, overrides=said.overrides)
        self._charter(event, text)

    def charter_amended(self, _before: Commons | None, event: Event, said: payloads.CharterAmended) -> None:
        """A charter that an owner put in force."""
        self._charter(event, said.charter)
        commit = next(move.new for move in event.moves if move.new)
        self._brought.append((event, commit, said.charter.blob))

    def enacted(self, before: Commons, event: Event, said: payloads.Enacted) -> None:
        """A charter that a proposal brought into force stands on main as it was agreed on."""
        revision = before.proposals[said.number].revision
        if revision is not None and revision.charter is not None and said.commit is not None:
            self._brought.append((event, said.commit, revision.charter.blob))
            self.counts[CHARTERS] += 1

    def proposed(self, before: Commons, event: Event, said: payloads.Proposed | payloads.Revised) -> None:
        """A revision, whichever it is."""
        if said.revision is None:
            return
        known = before.proposals.get(said.number)
        self._revisions.append((event, said.revision, known.revisions[-1:] if known else ()))
        if said.revision.charter is not None:
            self._charter(event, said.revision.charter)

    def _charter(self, event: Event, text: payloads.CharterText) -> None:
        check_charter(self._repository, f"event {event.seq}", text)
        self.counts[CHARTERS] += 1

    def evidence_recorded(self, before: Commons, event: Event, said: payloads.EvidenceRecorded) -> None:
        """Two runs, and what they say by the margin in force."""
        proposal = before.proposals[said.number]
        assert proposal.revision is not None
        margin = rules_for(before, proposal).evidence.margin
        self._evidence.append(Stated(event.seq, said, proposal.revision, margin))

    def redacted(self, _before: Commons, _event: Event, said: payloads.Redacted) -> None:
        """Runs that stand elsewhere from here on."""
        self._moved_runs.update((run.old, run.commit) for run in said.runs)

    def voting_closed(self, before: Commons, event: Event, said: payloads.VotingClosed) -> None:
        """A sealed vote: the boxes in the log, opened again with the key that was published."""
        if said.key is None:
            return
        proposal = before.proposals[said.number]
        assert proposal.frozen is not None
        place = f"the vote on proposal {said.number}"
        try:
            key = published_key(said.key, proposal.frozen.box or "")
        except KeysError as error:
            raise BrokenError(place, error.rule) from error
        if opened_ballots(before, proposal, key) != said.opened:
            raise BrokenError(place, f"its boxes hold something else than event {event.seq} says.")
        self.counts[VOTES] += 1

    def _attic(self, before: Commons | None, event: Event) -> None:
        """The chain that keeps ended proposals' revisions is the one that such acts, and redactions, make."""
        assert before is not None
        said = event.payload
        if isinstance(said, payloads.Redacted):
            became = dict(said.rewritten)
            self._links = [
                link._replace(revisions=tuple(became.get(one, one) for one in link.revisions))
                for link in self._links
            ]
        else:
            number: int = said.number  # type: ignore[attr-defined]
            revisions = before.proposals[number].revisions
            self._links.append(Link(event.actor, event.at, revisions))
        head: str | None = None
        for link in self._links if isinstance(said, payloads.Redacted) else self._links[-1:]:
            previous = head if isinstance(said, payloads.Redacted) else before.refs.get(ATTIC)
            head = keep_revisions(Change(), previous, link.revisions, actor=link.actor, at=link.at).new
        if head != next(move.new for move in event.moves if move.ref == ATTIC):
            raise BrokenError(f"event {event.seq}", "it keeps other revisions in the attic than it ended.")
        self.counts[ATTIC_LINKS] += 1


_CHECKS: Mapping[str, Callable[[Recount, Any, Event, Any], None]] = {
    "founded": Recount.founded,
    "charter_amended": Recount.charter_amended,
    "proposed": Recount.proposed,
    "revised": Recount.proposed,
    "enacted": Recount.enacted,
    "evidence_recorded": Recount.evidence_recorded,
    "redacted": Recount.redacted,
    "voting_closed": Recount.voting_closed,
}
