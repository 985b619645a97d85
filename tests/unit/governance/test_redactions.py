"""What a redaction moves, and each rule that refuses one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.errors import RefusedError
from governance.events import Draft
from governance.payloads import ErasedRun, Move, Redacted
from tests.unit.governance.history import (
    FIRST,
    MAIN,
    RUNS,
    TEXTS,
    after,
    oid,
    publishing,
    redacting,
    release,
    sha,
    state_after,
)

BEFORE = state_after(*FIRST)
REDACTED = state_after(*FIRST, redacting())
SAID = redacting().payload
MOVES = redacting().moves
assert isinstance(SAID, Redacted)


def test_old_ids_lead_to_new() -> None:
    """What was rewritten is found under its old commit and its old content digest."""
    assert REDACTED.current_commit(oid(2)) == oid(102)
    assert REDACTED.current_content(sha(1)) == sha(101)
    assert REDACTED.current_commit(oid(1)) == oid(1)
    assert REDACTED.current_content(sha(2)) == sha(2)


def test_it_is_on_record() -> None:
    """The state says which event erased what kind of thing, on what ground, by whose authority."""
    noted = REDACTED.redactions[0]
    assert (noted.seq, noted.ground, noted.authority, noted.kinds) == (
        5,
        "personal-data",
        "owner",
        ("cases",),
    )


def test_reason_is_a_text_of_the_event() -> None:
    """The reason's digest is known as named by the redaction, so that it too can be erased."""
    assert dict(REDACTED.texts) == {sha(90): 5}


def test_words_go() -> None:
    """A redaction of words marks them erased and moves nothing else."""
    draft = redacting(
        kinds=("texts",),
        reason=None,
        rewritten=(),
        releases=(),
        runs=(),
        texts=(sha(90),),
        moves=(Move(ref=TEXTS, old=oid(190), new=oid(191)),),
    )
    state, _ = after(REDACTED, draft)
    assert state.erased_texts == {sha(90)}
    assert state.refs[MAIN] == REDACTED.refs[MAIN]


def test_twice() -> None:
    """After two redactions an old id leads to the newest."""
    again = redacting(
        reason=None,
        rewritten=((oid(102), oid(202)), (oid(104), oid(204))),
        releases=(
            release("spam", "1.0.0", commit=202, tag=220, content=201),
            release("scams", "2.1.0", commit=204, tag=240, content=2),
        ),
        runs=(),
        moves=(
            Move(ref=MAIN, old=oid(104), new=oid(204)),
            Move(ref="refs/tags/spam/v1.0.0", old=oid(120), new=oid(220)),
            Move(ref="refs/tags/scams/v2.1.0", old=oid(140), new=oid(240)),
        ),
    )
    state, _ = after(REDACTED, again)
    assert state.current_commit(oid(2)) == oid(202)
    assert state.current_content(sha(1)) == sha(201)


def without(ref: str) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if move.ref != ref)


SPAM, SCAMS = SAID.releases
REFUSALS: dict[str, tuple[Draft, str]] = {
    "by another": (
        replace(redacting(), actor="eve"),
        "eve is no owner of roost.",
    ),
    "by an authority of another charter": (
        redacting(authority="panel"),
        "panel has no authority under the charter's mode owner.",
    ),
    "of a version that is not": (
        redacting(releases=(release("spam", "9.0.0", commit=102, tag=120),)),
        "spam 9.0.0 was never released.",
    ),
    "of a policy that is not": (
        redacting(releases=(release("ham", "1.0.0", commit=102, tag=120),)),
        "ham 1.0.0 was never released.",
    ),
    "a release on another commit": (
        redacting(releases=(release("spam", "1.0.0", commit=999, tag=120), SCAMS)),
        "spam 1.0.0 does not stand where the redaction moved it.",
    ),
    "a release whose tag stays": (
        redacting(moves=without("refs/tags/spam/v1.0.0")),
        "spam 1.0.0 does not stand where the redaction moved it.",
    ),
    "a tag of no rewritten release": (
        redacting(releases=(SPAM,)),
        "refs/tags/scams/v2.1.0 is no release of this act.",
    ),
    "main stays": (redacting(moves=without(MAIN)), "main does not move to its rewritten head."),
    "main goes where no commit was rewritten": (
        redacting(rewritten=SAID.rewritten[:1]),
        "main does not move to its rewritten head.",
    ),
    "a commit rewritten to itself": (
        redacting(rewritten=((oid(2), oid(2)), SAID.rewritten[1])),
        f"commit {oid(2)} is old and new at once.",
    ),
    "two commits rewritten in a circle": (
        redacting(rewritten=((oid(2), oid(3)), (oid(3), oid(2)), SAID.rewritten[1])),
        f"commit {oid(3)} is old and new at once.",
    ),
    "the runs chain stays": (
        redacting(moves=without(RUNS)),
        "the runs chain does not move to the last rewritten run.",
    ),
    "the runs chain moves without a run": (
        redacting(runs=()),
        "the runs chain does not move to the last rewritten run.",
    ),
    "a run that is not": (
        redacting(
            runs=(ErasedRun(key=sha(1), old=oid(51), commit=oid(150), record=sha(2), predictions=sha(3)),)
        ),
        f"no run stands at {oid(51)}.",
    ),
    "what an open proposal would bring becomes what is redacted itself": (
        redacting(contents=((sha(7), sha(8)), (sha(8), sha(9)))),
        f"the content {sha(8)[:12]} was redacted itself.",
    ),
    "what an open proposal would bring becomes what a release was": (
        redacting(contents=((sha(101), sha(1)),)),
        f"the content {sha(1)[:12]} was redacted itself.",
    ),
    "words that no event named": (redacting(texts=(sha(5),)), "words that no event named."),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refused(name: str) -> None:
    """A redaction that does not fit together, or goes beyond its authority, is refused."""
    draft, rule = REFUSALS[name]
    with pytest.raises(RefusedError) as refused:
        after(BEFORE, draft)
    assert refused.value.rule == rule


def test_nothing_redacted_comes_back() -> None:
    """A content digest cannot lead back to one that was redacted, or following it would never end."""
    # spam 1.1.0 has the content that 1.0.0 got; redacting it to 1.0.0's old content would close a circle.
    state, _ = after(
        REDACTED, publishing(release("spam", "1.1.0", commit=105, tag=21, content=101), main=104)
    )
    back = redacting(
        reason=None,
        rewritten=((oid(105), oid(205)),),
        releases=(release("spam", "1.1.0", commit=205, tag=121, content=1),),
        runs=(),
        moves=(
            Move(ref=MAIN, old=oid(105), new=oid(205)),
            Move(ref="refs/tags/spam/v1.1.0", old=oid(21), new=oid(121)),
        ),
    )
    with pytest.raises(RefusedError, match=r"spam 1\.1\.0 gets a content that was redacted"):
        after(state, back)


def test_a_rewritten_commit_stays_old() -> None:
    """A later redaction cannot bring back a commit that an earlier one replaced."""
    back = redacting(
        reason=None,
        rewritten=((oid(102), oid(2)), (oid(104), oid(204))),
        releases=(),
        runs=(),
        moves=(Move(ref=MAIN, old=oid(104), new=oid(204)),),
    )
    with pytest.raises(RefusedError, match=f"commit {oid(2)} is old and new at once"):
        after(REDACTED, back)
