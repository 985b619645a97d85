"""The words of events, in a tree of their own on `refs/commons/texts`.

The ref always points to a commit without parents: what leaves the tree leaves history, and pruning
takes the bytes. Paths fan out twice, so that a tree stays small at a hundred thousand texts.
"""

from __future__ import annotations

from collections.abc import Iterable

from governance.commons import Commons
from governance.payloads import Move
from governance.texts import Text, open_text
from registry.store.objects import DIRECTORY, Change
from registry.store.reader import Reader
from registry.store.refs import TEXTS
from registry.store.trees import TreeEditor


def move_texts(
    reader: Reader,
    change: Change,
    state: Commons,
    *,
    add: Iterable[Text] = (),
    remove: Iterable[str] = (),
    actor: str,
    at: int,
) -> Move | None:
    """Adds and takes away words; gives the move of the ref, or None when nothing changes."""
    added, removed = tuple(add), tuple(remove)
    if not added and not removed:
        return None
    old = state.refs.get(TEXTS)
    editor = TreeEditor(reader, change, reader.commit(old).tree if old else None)
    for text_id in removed:
        editor.remove(text_path(text_id))
    for text in added:
        editor.put_file(text_path(text.id), text.raw)
    commit = change.commit(tree=editor.write(), parents=(), handle=actor, at=at, message="Words of events")
    return Move(ref=TEXTS, old=old, new=commit)


def read_text(reader: Reader, state: Commons, text_id: str) -> Text | None:
    """The words that the log names by this digest; None when they were erased."""
    ref = state.refs.get(TEXTS)
    entry = reader.entry(reader.commit(ref).tree, text_path(text_id)) if ref else None
    return None if entry is None else open_text(reader.blob(entry.oid), text_id)


def text_ids(reader: Reader, state: Commons) -> list[str]:
    """The digests of all words that are there."""
    ref = state.refs.get(TEXTS)
    if ref is None:
        return []
    return [
        first.name + second.name + last.name
        for first in reader.tree(reader.commit(ref).tree)
        if first.mode == DIRECTORY
        for second in reader.tree(first.oid)
        if second.mode == DIRECTORY
        for last in reader.tree(second.oid)
    ]


def text_path(text_id: str) -> str:
    """Where words stand in the tree."""
    return f"{text_id[:2]}/{text_id[2:4]}/{text_id[4:]}"
