"""What git is told before it pushes: where main stands, what need not be sent, and what is understood here.

Reads the commons. Source: git documentation, "gitprotocol-pack" and "gitprotocol-capabilities".
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from governance.commons import Commons
from registry.push.packets import FLUSH, packet
from registry.store.reader import Reader
from registry.store.refs import MAIN
from registry.store.repository import Repository

# `atomic` and `delete-refs` are understood, so that what they would do is refused in our words. Signed
# pushes and shallow updates are not offered.
_ABILITIES = (
    b"report-status report-status-v2 side-band-64k quiet atomic delete-refs ofs-delta push-options "
    b"object-format=sha1 agent=policy-commons"
)
_HAVES = 32


def advertise(repository: Repository) -> bytes:
    """The whole answer to `info/refs?service=git-receive-pack`."""
    state = repository.state()
    main = state.refs[MAIN]
    lines = [packet(f"{main} {MAIN}".encode() + b"\0" + _ABILITIES + b"\n")]
    lines += [packet(f"{oid} .have\n".encode()) for oid in _haves(repository.reader, state, main)]
    return packet(b"# service=git-receive-pack\n") + FLUSH + b"".join(lines) + FLUSH


def _haves(reader: Reader, state: Commons, main: str) -> Iterator[str]:
    """Commits from which a clone may come: git sends only what they lack.

    Earlier states of main, for whoever did not fetch lately, and what was proposed last.
    """
    commit = main
    for _ in range(_HAVES):
        parents = reader.commit(commit).parents
        if not parents:
            break
        commit = parents[0]
        yield commit
    newest = sorted(state.proposals, reverse=True)
    heads = (state.proposals[number].revisions for number in newest)
    yield from islice((revisions[-1] for revisions in heads if revisions), _HAVES)
