"""Takes back, within the time for it, what came into force without a vote."""

from __future__ import annotations

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import Release, Undone
from governance.proposals.state import Ended
from policies.diff import diff_folders
from policies.versions import next_version
from registry.services.acting import Signer, act
from registry.services.errors import InputRefusedError
from registry.services.proposals import find_proposal
from registry.services.reading import release_folder
from registry.services.releasing import Incoming, place_releases, renumbered
from registry.services.words import Words
from registry.store.objects import Change
from registry.store.repository import Acted, Decide, Repository


def undo(
    repository: Repository, number: int, reason: str, *, actor: str, signer: Signer | None = None
) -> Acted:
    """Releases again what stood before. Raises what the rules refuse."""
    return act(repository, undoing(repository, number, reason, actor), signer=signer)


def undoing(repository: Repository, number: int, reason: str, actor: str) -> Decide:
    """The act itself."""

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        ended = find_proposal(state, number)
        if not isinstance(ended, Ended) or not ended.before:
            raise InputRefusedError(
                f"proposal {number}", "it brought no policy into force.", "Propose a change instead."
            )
        incoming = [_restored(repository, state, slug, content) for slug, content in ended.before]
        words = Words(repository)
        reason_id = words.add(reason, "the reason")
        placed = place_releases(
            repository.reader,
            change,
            state,
            incoming,
            actor=actor,
            at=at,
            message=f"Take back proposal {number}",
        )
        payload = Undone(number=number, reason=reason_id, releases=placed.releases, commit=placed.commit)
        moves = placed.moves + words.moves(change, state, actor, at)
        return Draft(type="undone", actor=actor, payload=payload, moves=moves)

    return decide


def _restored(repository: Repository, state: Commons, slug: str, content: str) -> Incoming:
    """The folder that stood before, under the number that follows."""
    policy = state.policies[slug]
    wanted = state.current_content(content)
    before: Release | None = next(
        (one for one in reversed(policy.releases) if state.current_content(one.content) == wanted), None
    )
    if before is None:
        raise InputRefusedError(slug, "nothing stood before it.", "Propose the withdrawal of its release.")
    folder = release_folder(repository, before)
    change = diff_folders(release_folder(repository, policy.latest), folder).least_change
    return renumbered(folder, next_version(policy.latest.version, change))
