"""How each mode decides: what is waited for, at which second something follows, and where it leads."""

from __future__ import annotations

from dataclasses import replace as changed

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.charter.model import ChangeClass
from governance.membership.roll import roll_digest
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.communities import VILLAGERS, circle, refusal, solo, village
from tests.support.made import HOUR, endpoint, sha

ROUTINE = ("spam", "cases_added")
GATE = {"evidence.mode": "gate", "evidence.on_missing": "warn", "evidence.on_inconclusive": "warn"}
VOTE = {"class.policy.mode": "vote", "class.policy.objection": None}


def accepted(commons: Assembly, number: int) -> tuple[str | None, int | None]:
    proposal = commons.open(number)
    assert proposal.stage is Stage.ACCEPTED
    return proposal.way, proposal.accepted_at


def types(commons: Assembly) -> list[str]:
    return [event.type for event in commons.events]


# Owner


def test_the_owner_proposes() -> None:
    """What an owner proposes is accepted as it is."""
    commons = solo().join("bo")
    assert accepted(commons, commons.propose("ana")) == ("owner", commons.at)


def test_the_owner_approves() -> None:
    """What others propose waits for the owner's approval of this very text."""
    commons = solo().join("bo", "cy")
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(5)
    assert commons.stage(number) is Stage.REVIEW
    content = commons.open(number).content
    commons.act("ana", payloads.Reviewed(number=number, content=content, verdict="request_changes"))
    assert commons.stage(number) is Stage.REVIEW
    commons.approve(number, "ana")
    assert accepted(commons, number) == ("owner", commons.at)


def test_an_owner_who_inherits() -> None:
    """To go on with another's text is not to have approved it."""
    commons = solo()
    number = commons.propose("xo")
    commons.act("ana", payloads.Adopted(number=number))
    commons.revise("xo", number)
    commons.act("ana", payloads.Adopted(number=number))
    commons.give_up("xo", number)
    assert (commons.stage(number), commons.open(number).author) == (Stage.REVIEW, "ana")


# Direct


def test_direct() -> None:
    """A routine change among friends is accepted at once."""
    commons = circle()
    assert accepted(commons, commons.propose("bo", commons.change(*ROUTINE))) == ("direct", commons.at)


def test_direct_from_outside() -> None:
    """It waits for a member to stand behind it."""
    commons = circle()
    number = commons.propose("xo", commons.change(*ROUTINE))
    assert commons.stage(number) is Stage.REVIEW
    commons.act("cy", payloads.Adopted(number=number))
    assert accepted(commons, number) == ("direct", commons.at)


def test_direct_on_hold() -> None:
    """Time that somebody asked for is waited for, and evidence that stops it stops it."""
    commons = circle(GATE)
    number = commons.propose("xo", commons.change(*ROUTINE))
    commons.act("bo", payloads.Held(number=number, reason=sha(1)))
    commons.act("cy", payloads.Adopted(number=number))
    commons.wait(47)
    assert commons.stage(number) is Stage.REVIEW
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(judgement="block"))
    commons.wait(50)
    assert commons.stage(number) is Stage.REVIEW


def test_direct_with_an_objection_that_leads_nowhere() -> None:
    """Where even changes of policy are direct, an objection is waited for to be resolved."""
    commons = circle(CHARTERS["direct"][1])
    number = commons.propose("xo")
    objection = commons.object("bo", number)
    commons.act("cy", payloads.Adopted(number=number))
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    commons.act("bo", payloads.ObjectionResolved(number=number, objection=objection))
    assert accepted(commons, number) == ("direct", commons.at)


# Consent


def test_consent() -> None:
    """A review, the comment period without an objection, and it is accepted when that is over."""
    commons = village()
    number = commons.propose("bo", commons.change(*ROUTINE))
    commons.wait(3)
    commons.approve(number, "cy")
    opened = commons.at
    frozen = commons.open(number).frozen
    assert frozen is not None
    assert (frozen.opened, frozen.since, frozen.ends) == (opened, opened, opened + 4 * HOUR)
    assert (frozen.kind, frozen.roll, frozen.digest) == (
        ChangeClass.ROUTINE,
        set(VILLAGERS),
        roll_digest(VILLAGERS),
    )
    commons.wait(3.9)
    assert commons.stage(number) is Stage.COMMENT
    commons.wait(0.1)
    assert accepted(commons, number) == ("consent", opened + 4 * HOUR)


def test_what_is_waited_for() -> None:
    """Discussion, and the time in which a text stays as it is, before anything is decided."""
    commons = village({"class.policy.review_min": 10, "class.policy.edit_freeze": 4})
    number = commons.propose("bo")
    commons.wait(8)
    commons.revise("bo", number)
    commons.approve(number, "cy")
    commons.wait(3.9)
    assert commons.stage(number) is Stage.REVIEW
    commons.wait(0.1)
    assert commons.stage(number) is Stage.COMMENT
    quick = commons.propose("cy")
    commons.approve(quick, "bo")
    commons.wait(9.9)
    assert commons.stage(quick) is Stage.REVIEW
    commons.wait(0.1)
    assert commons.stage(quick) is Stage.COMMENT


def test_an_objection_to_a_routine_change() -> None:
    """It goes the way of a change of policy: with its reviews and its times."""
    commons = village({"class.policy.reviews": 2})
    number = commons.propose("bo", commons.change(*ROUTINE))
    commons.approve(number, "cy")
    commons.object("di", number)
    commons.wait(4)
    proposal = commons.open(number)
    assert (proposal.stage, proposal.raised, proposal.frozen) == (Stage.REVIEW, ChangeClass.POLICY, None)
    assert proposal.since == commons.at
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    commons.approve(number, "ed")
    commons.wait(6)
    assert commons.stage(number) is Stage.VOTING


def test_everybody_agrees() -> None:
    """When everybody on the roll stands behind this very text, the period ends early, and only then."""
    commons = circle()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    assert commons.stage(number) is Stage.COMMENT
    commons.wait(2)
    commons.approve(number, "ana")
    assert accepted(commons, number) == ("unanimous", commons.at)


def test_everybody_but_one_who_objects() -> None:
    """An objection that stands keeps even everybody's agreement from ending the period."""
    commons = circle()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    objection = commons.object("ana", number)
    commons.approve(number, "ana")
    assert commons.stage(number) is Stage.COMMENT
    commons.act("ana", payloads.ObjectionResolved(number=number, objection=objection))
    assert accepted(commons, number) == ("unanimous", commons.at)


def test_who_has_not_agreed() -> None:
    """Who is named as an author by somebody else, or made an earlier text, has not agreed to this one."""
    commons = circle({}, "di")
    number = commons.propose("bo", lineage=("ana", "di"))
    commons.approve(number, "cy")
    assert commons.stage(number) is Stage.COMMENT
    other = circle(None)
    number = other.propose("bo")
    other.act("bo", payloads.Left())
    other.act("ana", payloads.Adopted(number=number))
    other.act("ana", payloads.Invited(member="bo"))
    other.act("bo", payloads.Applied())
    other.revise("ana", number)
    other.approve(number, "cy")
    assert other.stage(number) is Stage.COMMENT


def test_it_lapses() -> None:
    """What nobody works on ends by itself, counted from the last thing that a member did."""
    commons = village({"objections.lapse": 200})
    number = commons.propose("bo")
    commons.wait(150)
    commons.act("cy", payloads.Commented(number=number, text=sha(1)))
    commons.wait(199)
    assert commons.stage(number) is Stage.REVIEW
    commons.wait(2)
    assert (commons.stage(number), commons.over(number).at) == (Stage.LAPSED, commons.at - HOUR)


def test_it_lapses_without_an_answer() -> None:
    """A comment period that nobody answers for lapses too, counted from its end."""
    commons = village({"objections.lapse": 200})
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    commons.act("xo", payloads.Commented(number=number, text=sha(1)))
    ends = commons.open(number).frozen.ends  # type: ignore[union-attr]
    commons.wait(206)
    assert (commons.stage(number), commons.over(number).at) == (Stage.LAPSED, ends + 200 * HOUR)


# Evidence


def gated(verdict: str, **overrides: object) -> tuple[Assembly, int]:
    commons = village({**GATE, **overrides})
    number = commons.propose("bo")
    commons.approve(number, "cy")
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    if verdict != "missing":
        commons.measure(number, change, endpoint(broken=1, judgement=verdict))
    commons.wait(2)
    return commons, number


@pytest.mark.parametrize(
    ("verdict", "key", "consequence", "stage"),
    [
        ("pass", "on_missing", "warn", Stage.COMMENT),
        ("block", "on_missing", "warn", Stage.REVIEW),
        ("inconclusive", "on_inconclusive", "warn", Stage.COMMENT),
        ("inconclusive", "on_inconclusive", "vote", Stage.VOTING),
        ("inconclusive", "on_inconclusive", "block", Stage.REVIEW),
        ("missing", "on_missing", "warn", Stage.COMMENT),
        ("missing", "on_missing", "vote", Stage.VOTING),
        ("missing", "on_missing", "block", Stage.REVIEW),
    ],
)
def test_what_follows_from_evidence(verdict: str, key: str, consequence: str, stage: Stage) -> None:
    """Where evidence is a gate, what is clearly worse stops, and the rest leads where the charter says."""
    commons, number = gated(verdict, **{f"evidence.{key}": consequence})
    assert commons.stage(number) is stage


def test_the_worst_of_all_evidence() -> None:
    """All that was recorded counts, in whatever order: one run that blocks, or cannot tell, is enough."""
    commons, number = gated("missing", **{"evidence.on_missing": "block", "evidence.on_inconclusive": "vote"})
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(judgement="inconclusive"))
    assert commons.stage(number) is Stage.VOTING
    commons, number = gated("missing", **{"evidence.on_missing": "block", "evidence.on_inconclusive": "vote"})
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(judgement="block"))
    commons.measure(number, change, endpoint(judgement="pass"))
    commons.wait(50)
    assert commons.stage(number) is Stage.REVIEW


def test_evidence_of_one_of_two() -> None:
    """A change of several policies is held to the evidence on each."""
    commons = village({**GATE, "evidence.on_missing": "block"})
    new = commons.propose("cy", commons.change("scams"))
    commons.approve(new, "di")
    commons.wait(30)
    commons.enact(new)
    changes = (commons.change("scams"), commons.change("spam"))
    number = commons.propose("bo", *changes)
    commons.approve(number, "cy")
    commons.measure(number, changes[0], endpoint())
    commons.wait(5)
    assert commons.stage(number) is Stage.REVIEW
    commons.measure(number, changes[1], endpoint())
    assert commons.stage(number) is Stage.COMMENT


def test_evidence_informs() -> None:
    """Without a gate it decides nothing."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(judgement="block"))
    commons.wait(8)
    assert accepted(commons, number)[0] == "consent"


@pytest.mark.parametrize(
    ("verdict", "stage"), [("block", Stage.REVIEW), ("inconclusive", Stage.VOTING), ("pass", Stage.ACCEPTED)]
)
def test_evidence_in_the_comment_period(verdict: str, stage: Stage) -> None:
    """What is shown during the final comment period counts at its end."""
    commons, number = gated("pass", **{"evidence.on_inconclusive": "vote"})
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(judgement=verdict))
    assert commons.stage(number) is Stage.COMMENT
    commons.wait(6)
    assert commons.stage(number) is stage
    if stage is Stage.REVIEW:
        assert commons.open(number).returned == "evidence"
        commons.wait(20)
        assert commons.stage(number) is Stage.REVIEW


# Votes


def test_a_vote_in_any_case() -> None:
    """Where a kind is always voted on, a vote opens after the reviews, the discussion and the notice."""
    commons = village()
    number = commons.propose("bo", charter=commons.charter("circle@1"))
    commons.wait(1.9)
    assert commons.stage(number) is Stage.REVIEW
    commons.wait(1.1)
    frozen = commons.open(number).frozen
    assert frozen is not None
    assert (frozen.opened, frozen.ends) == (commons.at, commons.at + 6 * HOUR)
    assert frozen.kind is ChangeClass.ENTRENCHED


def test_notice_begins_with_the_text() -> None:
    """What is voted on was announced for long enough as it is."""
    commons = village()
    number = commons.propose("bo", charter=commons.charter("circle@1"))
    commons.wait(2)
    commons.revise("bo", number, charter=commons.charter("circle@1", {"class.policy.voting": 60}))
    commons.wait(2.9)
    assert commons.stage(number) is Stage.REVIEW
    commons.wait(0.1)
    assert commons.stage(number) is Stage.VOTING


def test_notice_where_it_is_not_read() -> None:
    """A mode that reads no notice waits for none."""
    commons = circle(CHARTERS["amended by consent"][1])
    number = commons.propose("bo", charter=commons.charter("circle@1"))
    assert commons.stage(number) is Stage.COMMENT


def test_a_vote_keeps_what_its_comment_period_froze() -> None:
    """Rules, roll and place in line are those of the comment period; only its end is the vote's."""
    commons = village(charter="open")
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    before = commons.open(number).frozen
    commons.act("joy", payloads.Applied())
    commons.object("di", number)
    commons.wait(6)
    after = commons.open(number).frozen
    assert before is not None
    assert after is not None
    assert (after.rules, after.roll, after.digest, after.since, after.kind) == (
        before.rules,
        before.roll,
        before.digest,
        before.since,
        before.kind,
    )
    assert (after.opened, after.ends, after.method) == (
        before.ends,
        before.ends + 6 * HOUR,
        "approval-quorum@1",
    )


@pytest.mark.parametrize("votes", ["all", "one missing", "one no"])
def test_all_approve(votes: str) -> None:
    """Where all must approve, everybody says yes, or it is rejected."""
    commons = circle(CHARTERS["all approve"][1])
    number = commons.propose("bo")
    commons.approve(number, "cy")
    assert commons.stage(number) is Stage.VOTING
    commons.vote(number, "yes", "bo", "cy")
    if votes != "one missing":
        commons.vote(number, "yes" if votes == "all" else "no", "ana")
    assert commons.stage(number) is (Stage.ACCEPTED if votes == "all" else Stage.VOTING)
    commons.wait(72)
    expected = {"all": Stage.ACCEPTED, "one missing": Stage.NO_QUORUM, "one no": Stage.NO_QUORUM}
    assert commons.stage(number) is expected[votes]


# What the registry states


def test_openings_state_what_follows() -> None:
    """An opening that states another end, roll, content or number of voters is refused."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.at += 2 * HOUR
    draft = commons.owed()
    assert draft is not None
    said = draft.payload
    assert isinstance(said, payloads.CommentOpened)
    for wrong in (
        {"content": sha(1)},
        {"ends": said.ends + 1},
        {"roll": sha(1)},
        {"voters": said.voters + 1},
    ):
        other = changed(draft, payload=replace(said, **wrong))
        assert refusal(lambda other=other: commons._append(other)) == (
            "the opening does not state what follows from the log. State what does."
        )
    commons._append(draft)


def test_it_is_called_too_late_by_others() -> None:
    """Nobody but the registry says what the clock calls for, and the registry nothing else."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.at += 2 * HOUR
    draft = commons.owed()
    assert draft is not None
    assert refusal(lambda: commons._append(changed(draft, actor="bo"))) == (
        "comment_opened is not for bo to do. registry does what the clock calls for; people do the rest."
    )
    said = payloads.Commented(number=number, text=sha(1))
    assert refusal(lambda: commons._append(changed(draft, type="commented", payload=said))) == (
        "commented is not for registry to do. registry does what the clock calls for; people do the rest."
    )


def test_vote_mode_ends() -> None:
    """A vote that nobody takes part in ends for want of a quorum."""
    commons = village(VOTE)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(8)
    assert commons.stage(number) is Stage.NO_QUORUM
    assert "comment_opened" not in types(commons)
