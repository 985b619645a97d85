"""The log as a chain of commits: whatever is done to it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from governance.commons import Commons
from governance.errors import MalformedEventError, RefusedError
from governance.events import Draft, Event, encode_event
from governance.minutes import sentence
from governance.payloads import ChildFounded
from registry.store import log
from registry.store.errors import LogError
from registry.store.objects import FILE, Change, Entry, encode_commit
from registry.store.process import run_git
from registry.store.refs import LOG
from registry.store.repository import Repository
from registry.store.writer import write_objects
from tests.support.acts import nest
from tests.support.vouched import reopened


@pytest.fixture
def five(roost: Repository) -> Repository:
    """A log of five events."""
    for number in range(4):
        nest(roost, f"c{number}")
    return roost


def entries(repository: Repository) -> list[log.LogEntry]:
    head = repository.ref(LOG)
    assert head is not None
    return list(log.oldest_first(repository.reader, head))


def head_of(repository: Repository) -> str:
    head = repository.ref(LOG)
    assert head is not None
    return head


def test_order(five: Repository) -> None:
    """Oldest first, newest first and the last few are the same entries."""
    found = entries(five)
    head = head_of(five)
    assert [entry.event.seq for entry in found] == [1, 2, 3, 4, 5]
    assert list(log.newest_first(five.reader, head)) == found[::-1]
    assert log.since(five.reader, head, found[2].commit, 10) == found[3:]
    assert log.since(five.reader, head, None, 10) == found
    assert log.since(five.reader, head, None, 4) is None
    assert list(log.oldest_first(five.reader, head, found[2].commit)) == found[3:]
    assert list(log.oldest_first(five.reader, head, head)) == []


def test_minutes(five: Repository) -> None:
    """`git log` of the log reads as the minutes."""
    said = run_git(five.path, "log", "--reverse", "--format=%an %ae %s", LOG).decode().splitlines()
    assert said[0] == "ana ana@invalid ana founded the commons roost under solo@1"
    assert said[4] == "ana ana@invalid ana founded the nested commons roost/c3"
    dates = run_git(five.path, "log", "--reverse", "--format=%at %ct", LOG).decode().splitlines()
    assert dates == [f"{entry.event.at} {entry.event.at}" for entry in entries(five)]


Forge = Callable[[Event], tuple[str, int, str, bytes]]
"""Given an event: the author, the time, the message and the bytes that a forger writes instead."""


def rewritten(repository: Repository, at: int, forge: Forge) -> list[str]:
    """The log with one link forged and the later ones put on top as they were; gives the new commits."""
    change, parent = Change(), None
    made: list[str] = []
    for entry in entries(repository):
        event = entry.event
        author, time, message, raw = event.actor, event.at, sentence(event), encode_event(event)
        if event.seq == at:
            author, time, message, raw = forge(event)
        tree = change.tree([Entry(FILE, "event.json", change.blob(raw))])
        parents = () if parent is None else (parent,)
        parent = change.add("commit", encode_commit(tree, parents, author, time, message))
        made.append(parent)
    write_objects(repository.path, change.objects.values())
    run_git(repository.path, "update-ref", LOG, made[-1])
    return made


FORGERIES: dict[str, tuple[Forge, str]] = {
    "author": (
        lambda event: ("eve", event.at, sentence(event), encode_event(event)),
        "not the one its event",
    ),
    "time": (
        lambda event: ("ana", event.at + 1, sentence(event), encode_event(event)),
        "not the one its event",
    ),
    "message": (
        lambda event: ("ana", event.at, "ana did nothing", encode_event(event)),
        "not the one its event",
    ),
    "bytes": (
        lambda event: ("ana", event.at, sentence(event), encode_event(event) + b"\n"),
        "not the canonical form",
    ),
    "no event": (lambda event: ("ana", event.at, sentence(event), b"{}"), "missing required field"),
}


@pytest.mark.parametrize("kind", FORGERIES)
@pytest.mark.parametrize("at", [1, 3, 5])
def test_forged_link(five: Repository, kind: str, at: int) -> None:
    """A link whose author, time, message or bytes were changed is found, and named by its commit."""
    forge, rule = FORGERIES[kind]
    made = rewritten(five, at, forge)
    with pytest.raises(LogError, match=rule) as broken:
        entries(five)
    assert broken.value.commit == made[at - 1]


def test_forged_event_with_all_else_right(five: Repository) -> None:
    """An event that was changed with its commit made anew breaks the next event's link to it."""

    def forge(event: Event) -> tuple[str, int, str, bytes]:
        changed = replace(event, at=event.at + 1)
        return changed.actor, changed.at, sentence(changed), encode_event(changed)

    rewritten(five, 3, forge)
    assert len(entries(five)) == 5
    with reopened(five.path) as another, pytest.raises(RefusedError, match="`prev` is not the digest"):
        another.state()


def chained(repository: Repository, events: list[Event]) -> None:
    """Makes these events, as they are, the log."""
    change, parent = Change(), None
    for event in events:
        parent = log.append(change, event, parent).commit
    write_objects(repository.path, change.objects.values())
    assert parent is not None
    run_git(repository.path, "update-ref", LOG, parent)


@pytest.mark.parametrize(
    ("order", "rule"),
    [
        ([0, 1, 3, 4], "number 4 does not follow 2"),
        ([0, 2, 1, 3, 4], "number 3 does not follow 1"),
        ([1, 2, 3, 4], "a log begins with the founding"),
        ([0, 1, 1, 2], "number 2 does not follow 2"),
    ],
    ids=["dropped", "reordered", "beheaded", "repeated"],
)
def test_other_chains(five: Repository, order: list[int], rule: str) -> None:
    """A log with events dropped, moved or repeated is refused at the first that does not follow."""
    events = [entry.event for entry in entries(five)]
    chained(five, [events[index] for index in order])
    with reopened(five.path) as another, pytest.raises(RefusedError, match=rule):
        another.state()


def test_merge(five: Repository) -> None:
    """A link with two parents is none."""
    found = entries(five)
    change = Change()
    event = found[-1].event
    tree = change.tree([Entry(FILE, "event.json", change.blob(encode_event(event)))])
    parents = (found[3].commit, found[1].commit)
    merge = change.add("commit", encode_commit(tree, parents, "ana", event.at, sentence(event)))
    write_objects(five.path, change.objects.values())
    with pytest.raises(LogError, match="more than one parent"):
        log.read_entry(five.reader, merge)
    run_git(five.path, "update-ref", LOG, merge)
    with pytest.raises(LogError, match="not the one its event and its parent give"):
        entries(five)


def test_another_file(five: Repository) -> None:
    """A link that holds a second file, or no event, is none."""
    last = entries(five)[-1]
    change = Change()
    blob = change.blob(encode_event(last.event))
    beside = change.tree([Entry(FILE, "event.json", blob), Entry(FILE, "note.txt", change.blob(b"x"))])
    empty = change.tree([Entry(FILE, "note.txt", change.blob(b"x"))])
    parents = (entries(five)[3].commit,)
    made = [
        change.add("commit", encode_commit(tree, parents, "ana", last.event.at, sentence(last.event)))
        for tree in (beside, empty)
    ]
    write_objects(five.path, change.objects.values())
    for commit, rule in zip(made, ("not the one its event", "its event.json is missing"), strict=True):
        run_git(five.path, "update-ref", LOG, commit)
        with pytest.raises(LogError, match=rule) as broken:
            entries(five)
        assert broken.value.commit == commit
    with pytest.raises(LogError, match=r"it holds no event\.json"):
        log.read_entry(five.reader, made[1])


def test_log_of_another_repository(five: Repository) -> None:
    """A commit that the log does not follow from is refused, however long the log is."""
    head = head_of(five)
    with pytest.raises(LogError, match="the log was rewritten"):
        log.since(five.reader, head, "1" * 40, 10)
    with pytest.raises(LogError, match="the chain cannot be followed"):
        list(log.oldest_first(five.reader, head, "1" * 40))
    older = entries(five)[2].commit
    with pytest.raises(LogError, match="the log was set back"):
        list(log.oldest_first(five.reader, older, head))


def test_missing_link(five: Repository) -> None:
    """A link that is gone from the disk is found."""
    victim = entries(five)[2].commit
    (five.path / "objects" / victim[:2] / victim[2:]).unlink()
    with pytest.raises(LogError, match=victim):
        entries(five)


def test_lying_commit_graph(five: Repository) -> None:
    """A commit graph that was copied in and tells another history is not asked."""
    chained_before = entries(five)
    run_git(five.path, "commit-graph", "write", "--reachable")
    graph = five.path / "objects" / "info" / "commit-graph"
    graph.chmod(0o644)
    raw = bytearray(graph.read_bytes())
    raw[-60:-20] = bytes(40)
    graph.write_bytes(raw)
    assert entries(five) == chained_before


def test_event_that_could_not_be_read_back(five: Repository) -> None:
    """An event with a value that its schema forbids never becomes a link, and changes nothing."""

    def decide(_state: Commons | None, _change: Change, _at: int) -> Draft:
        payload = ChildFounded(name="roost/Ä", founding="0" * 64)
        return Draft(type="child_founded", actor="ana", payload=payload)

    with pytest.raises(MalformedEventError, match=r"payload: .*\$\.name"):
        five.act(decide)
    assert five.state().seq == 5
