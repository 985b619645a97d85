"""Acts in a repository on this machine. Writes the repository."""

from __future__ import annotations

from registry.cli.seats import Act, Emergency, Left, Receipt, Standing
from registry.services.acting import Signer
from registry.services.membership import is_member
from registry.services.proposals import find_proposal
from registry.services.propose import Opened
from registry.services.vote import Receipt as BallotReceipt
from registry.services.vote import vote
from registry.store.repository import Acted, Repository


class RepositorySeat:
    """Somebody in a commons of this machine, who signs where they have a key."""

    def __init__(self, repository: Repository, actor: str, signer: Signer | None) -> None:
        self.actor = actor
        self._repository = repository
        self._signer = signer

    @property
    def commons(self) -> str:
        """The commons' name."""
        return self._repository.state().name

    def on(self, number: int, act: Act) -> Left:
        """Carries out an act on a proposal."""
        return self._left(number, self._done(act))

    def opening(self, act: Act) -> Left:
        """Carries out one that opens a proposal."""
        opened = self._done(act)
        assert isinstance(opened, Opened)
        return self._left(opened.number, opened)

    def about(self, member: str, act: Act) -> Standing:
        """Carries out one about who belongs."""
        self._done(act)
        return Standing(is_member(self._repository, member))

    def calling(self, release: str, act: Act) -> Emergency:
        """Carries out one that calls an emergency."""
        self._done(act)
        state = self._repository.state()
        gone = state.withdrawn[release]
        needed = state.charter_rules.emergency.actors
        return Emergency(gone.since is not None, gone.callers, needed, gone.until)

    def vote(self, number: int, choice: str) -> Left:
        """Casts a ballot."""
        cast = vote(self._repository, number, choice, actor=self.actor, signer=self._signer)
        return self._left(number, cast)

    def as_it_stands(self, number: int) -> Left:
        """How a proposal stands. Raises `UnknownProposalError`."""
        return self._left(number, None)

    def reading_on(self, number: int) -> str:
        """The command that explains."""
        return f"commons explain {self._repository.path.name} {number} says why, and what comes next."

    def _done(self, act: Act) -> Acted | Opened:
        done = act.here(self._repository, actor=self.actor, signer=self._signer)
        assert isinstance(done, Acted | Opened)
        return done

    def _left(self, number: int, done: Acted | Opened | BallotReceipt | None) -> Left:
        found = find_proposal(self._repository.state(), number)
        return Left(
            number=number,
            stage=str(found.stage),
            content=found.content,
            due=getattr(found, "due", None),
            findings=tuple(done.findings) if isinstance(done, Opened) else (),
            receipt=None if done is None else _receipt(done),
        )


def _receipt(done: Acted | Opened | BallotReceipt) -> Receipt:
    if isinstance(done, BallotReceipt):
        return Receipt(done.seq, done.digest, done.commit, done.sealed)
    entry = done.acted.entry if isinstance(done, Opened) else done.entry
    return Receipt(entry.event.seq, entry.digest, entry.commit, None)
