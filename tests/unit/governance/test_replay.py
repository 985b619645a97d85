"""What an event does to the state, and each rule that refuses one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from governance.commons import Commons, RunState
from governance.errors import RefusedError
from governance.events import Draft, Event, encode_event, event_digest
from governance.payloads import Imported, Move
from governance.record import version_key
from governance.replay import apply, fold
from tests.unit.governance.history import (
    FIRST,
    MAIN,
    ONE_OF_EACH,
    RUNS,
    START,
    after,
    confirming,
    founding,
    history,
    importing,
    nesting,
    oid,
    publishing,
    release,
    reporting,
    running,
    sha,
    state_after,
)

SPAM = release("spam", "1.0.0", commit=2, tag=20)


def refusal(
    state: Commons | None, draft: Draft, change: Callable[[Event], Event] = lambda event: event
) -> Callable[[], str]:
    """Gives the rule that refuses a draft placed after `state`, or an event changed once placed."""
    return lambda: _refusal(state, draft, change)


def _refusal(state: Commons | None, draft: Draft, change: Callable[[Event], Event]) -> str:
    try:
        _, event = after(state, draft)
    except RefusedError as error:
        return error.rule
    event = change(event)
    with pytest.raises(RefusedError) as refused:
        apply(state, event, event_digest(encode_event(event)))
    assert refused.value.seq == event.seq
    return refused.value.rule


def test_nothing() -> None:
    """A log without events has no state."""
    assert fold([]) is None


def test_one_of_each() -> None:
    """The state after one event of each type is what the events say together."""
    state = fold(history())
    assert state is not None
    assert (state.name, state.founder, state.mode, state.seq, state.at) == (
        "roost",
        "ana",
        "owner",
        8,
        START + 420,
    )
    assert dict(state.refs) == {
        MAIN: oid(104),
        RUNS: oid(150),
        "refs/commons/texts": oid(190),
        "refs/tags/spam/v1.0.0": oid(120),
        "refs/tags/scams/v2.1.0": oid(140),
    }
    assert state.policies["spam"].latest == release("spam", "1.0.0", commit=102, tag=120, content=101)
    assert state.policies["spam"].owner == "ana"
    assert state.policies["spam"].release("1.0.0") == state.policies["spam"].latest
    assert state.policies["spam"].release("9.9.9") is None
    assert dict(state.runs) == {
        oid(150): RunState(
            key=sha(160),
            slug="spam",
            content=sha(1),
            engine="lexical@1",
            commit=oid(150),
            record=sha(161),
            predictions=sha(162),
            seq=4,
            at=START + 180,
        )
    }
    assert [noted.slug for noted in state.reported.values()] == ["spam"]
    assert list(state.children) == ["roost/teens"]
    assert state.prev == event_digest(encode_event(history()[-1]))


def test_two_releases() -> None:
    """A policy's releases stand oldest first."""
    newer = release("spam", "1.1.0", commit=3, tag=21, content=3)
    state = state_after(founding(), publishing(SPAM, main=1), publishing(newer, main=2, change="minor"))
    assert state.policies["spam"].releases == (SPAM, newer)
    assert state.policies["spam"].latest == newer


@pytest.mark.parametrize(
    ("earlier", "later"), [("1.9.0", "1.10.0"), ("9.0.0", "10.0.0"), ("1.0.9", "1.0.10")]
)
def test_version_order(earlier: str, later: str) -> None:
    """Versions compare as numbers and not as text."""
    assert version_key(earlier) < version_key(later)


FOUNDED = state_after(founding())
PUBLISHED = state_after(founding(), publishing(SPAM, main=1))
NESTED = state_after(founding(), nesting("roost/spam"))


def moved(*moves: Move) -> Callable[[Event], Event]:
    return lambda event: replace(event, moves=moves)


MAIN_MOVE = Move(ref=MAIN, old=oid(1), new=oid(2))
TAG_MOVE = Move(ref="refs/tags/spam/v1.0.0", old=None, new=oid(20))

REFUSALS: dict[str, tuple[Callable[[], str], str]] = {
    "begins with another event": (
        refusal(
            None, founding(), lambda event: replace(event, type="run_recorded", payload=running().payload)
        ),
        "a log begins with the founding.",
    ),
    "first event is numbered 2": (
        refusal(None, founding(), lambda event: replace(event, seq=2)),
        "a log begins with the founding.",
    ),
    "first event has one before it": (
        refusal(None, founding(), lambda event: replace(event, prev=sha(1))),
        "a log begins with the founding.",
    ),
    "founded by another": (
        refusal(None, founding(), lambda event: replace(event, actor="eve")),
        "only the founder founds.",
    ),
    "nested elsewhere": (
        refusal(None, founding(name="roost/teens", parent="nest")),
        "roost/teens is not within nest.",
    ),
    "founded without main": (refusal(None, founding(), moved()), "a founding begins main."),
    "founded on an old main": (
        refusal(None, founding(), moved(Move(ref=MAIN, old=oid(7), new=oid(1)))),
        "refs/heads/main stands at None.",
    ),
    "founded with a tag": (
        refusal(None, founding(), moved(*founding().moves, TAG_MOVE)),
        "a founding begins main.",
    ),
    "founded twice": (refusal(FOUNDED, replace(founding(), moves=())), "a commons is founded once."),
    "number left out": (
        refusal(FOUNDED, nesting(), lambda event: replace(event, seq=3)),
        "number 3 does not follow 1.",
    ),
    "another event before": (
        refusal(FOUNDED, nesting(), lambda event: replace(event, prev=sha(1))),
        "`prev` is not the digest of the event before.",
    ),
    "time goes backwards": (
        refusal(FOUNDED, nesting(), lambda event: replace(event, at=START - 1)),
        "time goes backwards.",
    ),
    "another charter": (
        refusal(FOUNDED, nesting(), lambda event: replace(event, charter=oid(901))),
        "the charter is not the one in force.",
    ),
    "a run moves main": (
        refusal(PUBLISHED, running(), moved(Move(ref=MAIN, old=oid(2), new=oid(50)))),
        "run_recorded may not move refs/heads/main.",
    ),
    "a run of what was never released": (
        refusal(PUBLISHED, running(content=9)),
        f"no release of spam has the content {sha(9)[:12]}.",
    ),
    "scores of what was never released": (
        refusal(PUBLISHED, reporting(content=9)),
        f"no release of spam has the content {sha(9)[:12]}.",
    ),
    "a first release again": (
        refusal(PUBLISHED, publishing(release("spam", "1.1.0", commit=3, tag=21), main=2, change="first")),
        "spam was released before.",
    ),
    "a later release of nothing": (
        refusal(FOUNDED, publishing(SPAM, main=1, change="minor")),
        "spam was not released before.",
    ),
    "a nesting moves main": (
        refusal(FOUNDED, nesting(), moved(MAIN_MOVE)),
        "child_founded may not move refs/heads/main.",
    ),
    "a prefix of a movable ref": (
        refusal(FOUNDED, publishing(SPAM, main=1), moved(Move(ref=f"{MAIN}2", old=None, new=oid(2)))),
        "published may not move refs/heads/main2.",
    ),
    "a ref twice": (
        refusal(FOUNDED, publishing(SPAM, main=1), moved(MAIN_MOVE, MAIN_MOVE)),
        "refs/heads/main is moved twice.",
    ),
    "a ref from elsewhere": (
        refusal(FOUNDED, publishing(SPAM, main=7)),
        f"refs/heads/main stands at {oid(1)}.",
    ),
    "a tag moved again": (
        refusal(
            PUBLISHED,
            publishing(release("spam", "1.1.0", commit=3, tag=21), main=2),
            moved(
                Move(ref=MAIN, old=oid(2), new=oid(3)),
                Move(ref="refs/tags/spam/v1.0.0", old=oid(20), new=oid(21)),
            ),
        ),
        "refs/tags/spam/v1.0.0 was released.",
    ),
    "main deleted": (
        refusal(FOUNDED, publishing(SPAM, main=1), moved(Move(ref=MAIN, old=oid(1), new=None))),
        "refs/heads/main may not be deleted.",
    ),
    "published by another": (
        refusal(FOUNDED, publishing(SPAM, main=1, actor="eve")),
        "eve is no owner of roost.",
    ),
    "main goes to another commit": (
        refusal(FOUNDED, publishing(SPAM, main=1), moved(Move(ref=MAIN, old=oid(1), new=oid(3)), TAG_MOVE)),
        "main does not move to the released commit.",
    ),
    "main stays": (
        refusal(FOUNDED, publishing(SPAM, main=1), moved(TAG_MOVE)),
        "main does not move to the released commit.",
    ),
    "the same version again": (
        refusal(
            PUBLISHED,
            replace(
                publishing(release("spam", "1.0.0", commit=3, tag=21), main=2),
                moves=(Move(ref=MAIN, old=oid(2), new=oid(3)),),
            ),
        ),
        "spam 1.0.0 does not come after 1.0.0.",
    ),
    "an older version": (
        refusal(PUBLISHED, publishing(release("spam", "0.9.9", commit=3, tag=21), main=2)),
        "spam 0.9.9 does not come after 1.0.0.",
    ),
    "a slug that a nested commons has": (
        refusal(NESTED, publishing(SPAM, main=1)),
        "the name spam is taken by a nested commons.",
    ),
    "released without a tag": (
        refusal(FOUNDED, publishing(SPAM, main=1), moved(MAIN_MOVE)),
        "spam 1.0.0 is released without its tag.",
    ),
    "released with the tag elsewhere": (
        refusal(
            FOUNDED, publishing(SPAM, main=1), moved(MAIN_MOVE, Move(ref=TAG_MOVE.ref, old=None, new=oid(21)))
        ),
        "spam 1.0.0 is released without its tag.",
    ),
    "a tag without a release": (
        refusal(
            FOUNDED,
            publishing(SPAM, main=1),
            moved(MAIN_MOVE, TAG_MOVE, Move(ref="refs/tags/spam/v2.0.0", old=None, new=oid(20))),
        ),
        "refs/tags/spam/v2.0.0 is no release of this act.",
    ),
    "imported by another": (
        refusal(FOUNDED, importing(SPAM, main=1, commits=(2,)), lambda event: replace(event, actor="eve")),
        "eve is no owner of roost.",
    ),
    "imported without a commit": (
        refusal(
            FOUNDED,
            importing(SPAM, main=1, commits=(2,)),
            lambda event: replace(
                event, payload=Imported(kind="git", source=sha(1), commits=(), releases=())
            ),
        ),
        "an import without a commit.",
    ),
    "imported on another head": (
        refusal(
            FOUNDED, importing(SPAM, main=1, commits=(2,)), moved(Move(ref=MAIN, old=oid(1), new=oid(3)))
        ),
        "main does not move to the released commit.",
    ),
    "imported on a foreign commit": (
        refusal(FOUNDED, importing(SPAM, main=1, commits=(3,))),
        "a release stands on a commit that the import did not make.",
    ),
    "a run of no policy": (refusal(FOUNDED, running()), "no policy spam is here."),
    "a run without its chain": (
        refusal(PUBLISHED, running(), moved()),
        "the runs chain does not move to the run.",
    ),
    "a run beside its chain": (
        refusal(PUBLISHED, running(), moved(Move(ref=RUNS, old=None, new=oid(51)))),
        "the runs chain does not move to the run.",
    ),
    "scores of no policy": (refusal(FOUNDED, reporting()), "no policy spam is here."),
    "a clock confirmed by another": (
        refusal(FOUNDED, confirming(), lambda event: replace(event, actor="eve")),
        "eve is no owner of roost.",
    ),
    "a clock confirmed backwards": (
        refusal(FOUNDED, confirming(last=10, now=9)),
        "the confirmed clock stands before the last.",
    ),
    "nested by another": (
        refusal(FOUNDED, nesting(actor="eve")),
        "eve is no owner of roost.",
    ),
    "nested out of the commons": (
        refusal(FOUNDED, nesting("nest/teens")),
        "nest/teens is not within roost.",
    ),
    "nested two levels down": (
        refusal(FOUNDED, nesting("roost/teens/spam")),
        "roost/teens/spam is not within roost.",
    ),
    "nested under a policy's name": (
        refusal(PUBLISHED, nesting("roost/spam")),
        "the name roost/spam is taken.",
    ),
    "nested twice": (refusal(NESTED, nesting("roost/spam")), "the name roost/spam is taken."),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refused(name: str) -> None:
    """An event that breaks a rule is refused with that rule, and with its number."""
    found, expected = REFUSALS[name]
    assert found() == expected


def test_refusal_names_event_and_remedy() -> None:
    """The refusal of a log's event says which, why, and what would be allowed."""
    with pytest.raises(RefusedError) as refused:
        after(PUBLISHED, nesting("roost/spam"))
    assert refused.value.seq == 3
    assert str(refused.value) == (
        "event 3: the name roost/spam is taken. "
        "Policies and nested commons share one set of names; choose another."
    )


def test_state_is_kept() -> None:
    """A step leaves the state that it starts from as it was."""
    before = fold(history(FIRST))
    again = fold(history(FIRST))
    assert before is not None
    after(before, ONE_OF_EACH[4])
    assert before == again
