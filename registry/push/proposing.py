"""Makes a pushed change a proposal, or a new revision of one. Acts through the services alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple

from governance.commons import Commons
from governance.proposals.state import Proposal
from policies.findings import Finding
from registry.push.asked import Wish
from registry.push.errors import PushRefusedError
from registry.services.errors import OvertakenError
from registry.services.proposals import title_of
from registry.services.propose import Opened, propose, revise
from registry.services.revisions import Draft
from registry.services.topics import about
from registry.store.errors import BusyError
from registry.store.refs import CHARTER_PATH, policy_dir
from registry.store.repository import Repository

_ATTEMPTS = 8


class Proposed(NamedTuple):
    """What became of a push. `is_revision` is None where the proposal said exactly this already."""

    number: int
    title: str
    is_revision: bool | None
    findings: tuple[Finding, ...]


class Turns:
    """One push to a commons is made a proposal at a time, so that one sent twice is taken once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._turns: dict[Path, threading.Lock] = {}

    def of(self, repository: Repository) -> AbstractContextManager[bool]:
        """A context in which nobody else is at it in this process."""
        with self._guard:
            return self._turns.setdefault(repository.path, threading.Lock())


def propose_pushed(repository: Repository, draft: Draft, wish: Wish, *, actor: str) -> Proposed:
    """Opens a proposal with this draft, or revises the one that the wish means.

    Raises `PushRefusedError`, and whatever `propose` and `revise` refuse.
    """
    for _ in range(_ATTEMPTS):
        with suppress(OvertakenError):
            return _try(repository, draft, wish, actor)
    raise BusyError(repository.path, 0)


def _try(repository: Repository, draft: Draft, wish: Wish, actor: str) -> Proposed:
    """What is meant is decided on what is known here, and looked at again on what is acted on.

    Another process of this registry may have taken the same push in between. Raises `OvertakenError`.
    """
    state = repository.state()
    number = _meant(repository, state, draft, wish, actor)

    def is_said(now: Commons) -> bool:
        found = None if number is None else now.proposals.get(number)
        return found is not None and found.author == actor and _says_already(repository, found, draft)

    def guard(now: Commons) -> None:
        if _meant(repository, now, draft, wish, actor) != number or is_said(now):
            raise OvertakenError("a push")

    if number is None:
        assert wish.title is not None
        opened = propose(
            repository,
            draft,
            title=wish.title,
            reason=wish.reason,
            actor=actor,
            topic=wish.topic,
            guard=guard,
        )
        return _proposed(wish.title, opened, is_revision=False)
    proposal = state.proposals.get(number)
    title = _title(repository, state, proposal) if proposal is not None else ""
    if is_said(state):
        return Proposed(number, title, None, ())
    opened = revise(repository, number, draft, actor=actor, guard=guard)
    return _proposed(title, opened, is_revision=True)


def _meant(repository: Repository, state: Commons, draft: Draft, wish: Wish, actor: str) -> int | None:
    """The proposal that is to be revised: by its number, its topic, its title, or by what it would change."""
    if wish.topic is not None and wish.topic.isdecimal() and wish.topic.isascii():
        return int(wish.topic[:10])
    own = [one for one in state.proposals.values() if one.author == actor and one.revision is not None]
    titles = {one.number: _title(repository, state, one) for one in own}
    if wish.topic is not None:
        if (number := about(repository, state, actor, wish.topic)) is not None:
            return number
        if named := [number for number in titles if titles[number] == wish.topic]:
            return max(named)
    alike = [one.number for one in own if _changes(one) == _changes_of(draft)]
    if wish.title is not None:
        # Many changes are called "Fix a typo": the title alone would put one policy in another's place.
        named = [number for number in alike if titles[number] == wish.title and wish.topic is None]
        return max(named, default=None)
    if wish.topic is None and len(alike) == 1:
        return alike[0]
    raise PushRefusedError(
        "option title" if wish.topic is None else "option topic",
        "a proposal has a title."
        if wish.topic is None
        else "none of your open proposals has this number or title.",
        _remedy(titles),
    )


def _remedy(titles: Mapping[int, str]) -> str:
    opening = 'Say what it is about: `-o title="..."`'
    if not titles:
        return f"{opening}."
    listed = "; ".join(f"{number}: {title}" for number, title in sorted(titles.items())[-5:])
    return f"{opening}. Or revise one of yours with `-o topic=NUMBER` ({listed})."


def _title(repository: Repository, state: Commons, proposal: Proposal) -> str:
    return " ".join((title_of(repository, state, proposal) or "").split())


def _changes(proposal: Proposal) -> frozenset[str]:
    assert proposal.revision is not None
    charter = [CHARTER_PATH] if proposal.revision.charter is not None else []
    return frozenset([*map(policy_dir, proposal.slugs), *charter])


def _changes_of(draft: Draft) -> frozenset[str]:
    charter = [CHARTER_PATH] if draft.charter is not None else []
    return frozenset([*map(policy_dir, draft.folders), *charter])


def _says_already(repository: Repository, proposal: Proposal, draft: Draft) -> bool:
    """Whether this is what it proposes: the answer to a push may get lost, and is then asked for again."""
    if _changes(proposal) != _changes_of(draft) or proposal.returned is not None:
        return False
    reader = repository.reader
    tree = reader.commit(proposal.revisions[-1]).tree
    for slug, files in draft.folders.items():
        entry = reader.entry(tree, policy_dir(slug))
        if entry is None or reader.files(entry.oid) != dict(files):
            return False
    charter = reader.entry(tree, CHARTER_PATH)
    return draft.charter is None or (charter is not None and reader.blob(charter.oid) == draft.charter)


def _proposed(title: str, opened: Opened, *, is_revision: bool) -> Proposed:
    return Proposed(opened.number, title, is_revision, opened.findings)
