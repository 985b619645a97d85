"""Topics: by a word of its author's own, a later push finds the proposal that it revises. Reads the commons.

Only a keyed digest of the word stands in Git, in the message of the revision's commit: a word could name
somebody, and nothing of a message can be erased. Who has the host's secret can tell; a copy of the commons
elsewhere knows no topics, and the number of a proposal says there what is meant.
"""

from __future__ import annotations

import re

from governance.commons import Commons
from governance.proposals.state import Proposal
from registry.keys.secret import secret_of
from registry.store.repository import Repository

_MARKED = re.compile(r"\[topic ([0-9a-f]{16})\]\Z")


def mark_of(repository: Repository, author: str, topic: str) -> str:
    """What stands for a topic of an author's. Raises `SecretError`, `WriteError`."""
    return secret_of(repository.paths).derive("topic", author=author, topic=topic).hex()[:16]


def marked(message: str, mark: str | None) -> str:
    """A commit's message with the mark, where there is one."""
    return message if mark is None else f"{message} [topic {mark}]"


def mark_in(repository: Repository, proposal: Proposal) -> str | None:
    """The mark of a proposal's newest revision, if it has one."""
    if not proposal.revisions:
        return None
    found = _MARKED.search(repository.reader.commit(proposal.revisions[-1]).message)
    return None if found is None else found[1]


def about(repository: Repository, state: Commons, author: str, topic: str) -> int | None:
    """The number of an author's open proposal on a topic; the newest, should there be several."""
    own = [one for one in state.proposals.values() if one.author == author and one.revision is not None]
    if not own:
        return None
    mark = mark_of(repository, author, topic)
    return max((one.number for one in own if mark_in(repository, one) == mark), default=None)
