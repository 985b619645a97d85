"""Words of events in the repository."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from governance.commons import Commons
from governance.errors import MalformedEventError
from governance.events import Draft
from governance.payloads import Redacted
from governance.texts import Text, seal_text
from registry.store.objects import FILE, Change, Entry
from registry.store.process import run_git
from registry.store.refs import TEXTS
from registry.store.repository import Repository
from registry.store.texts import move_texts, read_text, text_ids
from registry.store.trees import TreeEditor
from registry.store.writer import write_objects

REASON = seal_text("It names a neighbour.", bytes(16))


def give_reason(repository: Repository, text: Text) -> None:
    """An act with a reason in words."""

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        move = move_texts(repository.reader, change, state, add=(text,), actor="ana", at=at)
        assert move is not None
        payload = Redacted(ground="mistake", authority="owner", kinds=(), reason=text.id)
        return Draft(type="redacted", actor="ana", payload=payload, moves=(move,))

    repository.act(decide)


def test_none(roost: Repository) -> None:
    """A commons without words has none, and asking for some gives None."""
    assert text_ids(roost.reader, roost.state()) == []
    assert read_text(roost.reader, roost.state(), REASON.id) is None
    assert move_texts(roost.reader, Change(), roost.state(), actor="ana", at=0) is None


def test_add(roost: Repository) -> None:
    """Words are read back by the digest that the log names, from a commit without history."""
    other = seal_text("It names another.", bytes(16))
    give_reason(roost, REASON)
    give_reason(roost, other)
    state = roost.state()
    assert sorted(text_ids(roost.reader, state)) == sorted([REASON.id, other.id])
    assert read_text(roost.reader, state, REASON.id) == REASON
    assert run_git(roost.path, "rev-list", "--count", TEXTS) == b"1\n"


def test_remove(roost: Repository) -> None:
    """Words that are taken away are gone from the tree, and the others stay."""
    other = seal_text("It names another.", bytes(16))
    give_reason(roost, REASON)
    give_reason(roost, other)
    change = Change()
    state = roost.state()
    move = move_texts(roost.reader, change, state, remove=(REASON.id,), actor="ana", at=state.at)
    assert move is not None
    assert move.new is not None
    write_objects(roost.path, change.objects.values())
    after = replace(state, refs=state.refs.set(TEXTS, move.new))
    assert text_ids(roost.reader, after) == [other.id]
    assert read_text(roost.reader, after, REASON.id) is None


def test_swapped(roost: Repository) -> None:
    """Words that stand under another's digest are refused."""
    give_reason(roost, REASON)
    state = roost.state()
    change = Change()
    editor = TreeEditor(roost.reader, change, None)
    path = f"{REASON.id[:2]}/{REASON.id[2:4]}/{REASON.id[4:]}"
    editor.put(path, Entry(FILE, REASON.id[4:], change.blob(seal_text("Nothing.", bytes(16)).raw)))
    commit = change.commit(tree=editor.write(), parents=(), handle="ana", at=0, message="Words of events")
    write_objects(roost.path, change.objects.values())
    forged = replace(state, refs=state.refs.set(TEXTS, commit))
    with pytest.raises(MalformedEventError, match="do not match their digest"):
        read_text(roost.reader, forged, REASON.id)
