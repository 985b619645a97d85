"""Attacks on reviews, on evidence, and on who is taken to have agreed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.charter.model import ChangeClass, Charter
from governance.membership.affiliation import acts_for, counts_for
from governance.membership.state import Member
from governance.proposals import evidence, guards
from governance.proposals.kinds import effective_kind, kind_now
from governance.proposals.reviews import has_conflict, standing_behind
from governance.proposals.state import Proposal, Stage
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, village
from tests.support.made import endpoint
from tests.support.switching import with_answer, without_refusal


def approved(commons: Assembly, number: int, who: str) -> Stage:
    commons.approve(number, who)
    commons.wait(10)
    return commons.stage(number)


# Reviewing oneself


def second_head() -> tuple[Assembly, int]:
    """bo opens it, cy goes on with it, and bo reviews what cy made."""
    commons = village(charter="open")
    number = commons.propose("bo")
    commons.act("bo", payloads.Left())
    commons.act("bo", payloads.Applied())
    commons.act("cy", payloads.Adopted(number=number))
    commons.revise("cy", number)
    return commons, number


def test_self_review_through_a_second_head() -> None:
    """Whoever made any revision reviews none of them."""
    commons, number = second_head()
    assert "bo made a part of proposal 1" in refusal(lambda: commons.approve(number, "bo"))


def test_self_review_through_a_second_head_succeeds_without() -> None:
    """Without the computed conflict, an author's approval carries it on."""
    commons, number = second_head()
    with with_answer(has_conflict, lambda *_: False):
        assert approved(commons, number, "bo") is Stage.ACCEPTED


def colleagues() -> tuple[Assembly, int]:
    commons = village(affiliations={"bo": "acme", "cy": "acme"})
    return commons, commons.propose("bo")


def test_review_by_the_same_affiliation() -> None:
    """A colleague's approval is no second look."""
    commons, number = colleagues()
    assert "acts for an author's organisation" in refusal(lambda: commons.approve(number, "cy"))


def test_review_by_the_same_affiliation_succeeds_without() -> None:
    """Without it, one organisation decides by itself."""
    commons, number = colleagues()
    with with_answer(has_conflict, lambda proposal, who, _: who in proposal.authors):
        assert approved(commons, number, "cy") is Stage.ACCEPTED


def afternoon() -> tuple[Assembly, int]:
    commons, number = colleagues()
    commons.act("cy", payloads.AffiliationDeclared(affiliation="independent"))
    return commons, number


def test_another_affiliation_for_an_afternoon() -> None:
    """Who left an organisation an hour ago is still its colleague, and takes of its share."""
    commons, number = afternoon()
    assert "acts for an author's organisation" in refusal(lambda: commons.approve(number, "cy"))
    assert counts_for(commons.state.people.members["cy"], commons.at) == "acme"


def test_another_affiliation_for_an_afternoon_succeeds_without() -> None:
    """Without that memory, declaring something else is enough."""

    def now_only(member: Member, _at: int) -> frozenset[str]:
        return frozenset({member.affiliation} - {"independent"})

    commons, number = afternoon()
    with with_answer(acts_for, now_only):
        assert approved(commons, number, "cy") is Stage.ACCEPTED


# Another text than was approved


def another_head() -> tuple[Assembly, int]:
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.revise("bo", number)
    return commons, number


def test_another_head_after_approval() -> None:
    """An approval is of a content: another head has none."""
    commons, number = another_head()
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW


def test_another_head_after_approval_succeeds_without() -> None:
    """Were approvals of a proposal, what cy never read would pass with cy's approval."""

    def of_anything(proposal: Proposal, _rules: Charter, _needed: int) -> int:
        return len({review.by for review in proposal.reviews if review.verdict == "approve"})

    with with_answer(guards.counted_approvals, of_anything):
        commons, number = another_head()
        commons.wait(10)
    assert commons.stage(number) is Stage.ACCEPTED


def stranger() -> tuple[Assembly, int]:
    """A stranger gets a member's backing for one text, and then proposes another."""
    commons = village()
    number = commons.propose("xo")
    commons.act("cy", payloads.Adopted(number=number))
    commons.revise("xo", number)
    return commons, number


def test_changed_behind_the_sponsor() -> None:
    """A member stands behind a text: another one needs somebody again."""
    commons, number = stranger()
    assert approved(commons, number, "di") is Stage.REVIEW


def test_changed_behind_the_sponsor_succeeds_without() -> None:
    """Were the sponsor kept, a stranger's second text would go on in a member's name."""
    commons, number = stranger()
    with with_answer(guards.sponsored, lambda proposal: guards.Guard("sponsor", True, None)):
        assert approved(commons, number, "di") is Stage.ACCEPTED


def never_agreed() -> tuple[Assembly, int]:
    """bo names everybody but cy as an author of what a fork brought along."""
    commons = circle({}, "di", "ed")
    number = commons.propose("bo", lineage=("ana", "di", "ed"))
    commons.approve(number, "cy")
    return commons, number


def test_authors_who_never_agreed() -> None:
    """To be named as an author by somebody else is not to have agreed: there is no early end."""
    commons, number = never_agreed()
    assert commons.stage(number) is Stage.COMMENT


def test_authors_who_never_agreed_succeeds_without() -> None:
    """Were authors taken to agree, two would decide at once for five."""
    with with_answer(standing_behind, standing_behind_authors):
        commons, number = never_agreed()
    assert commons.stage(number) is Stage.ACCEPTED


def standing_behind_authors(proposal: Proposal) -> frozenset[str]:
    return standing_behind(proposal) | proposal.authors


# Evidence


def other_head() -> tuple[Assembly, int, payloads.EvidenceRecorded]:
    """Good evidence on the first text, which is then replaced."""
    commons = village({"evidence.mode": "gate", "evidence.on_missing": "block"})
    number = commons.propose("bo")
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint())
    said = commons.events[-1].payload
    assert isinstance(said, payloads.EvidenceRecorded)
    commons.revise("bo", number)
    commons.approve(number, "cy")
    return commons, number, said


def test_evidence_from_another_head() -> None:
    """Evidence is of a content: it neither stays with another one, nor is recorded for it."""
    commons, number, said = other_head()
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    assert "the evidence is on another content" in refusal(lambda: commons.act("bo", said))
    posing = replace(said, content=commons.open(number).content)
    assert "the two runs are not recorded here, or not of the policy" in refusal(
        lambda: commons.act("bo", posing)
    )


def test_evidence_from_another_head_succeeds_without() -> None:
    """Without the look at which runs they are, the first text's evidence lets the second pass."""
    commons, number, said = other_head()
    posing = replace(said, content=commons.open(number).content)
    with without_refusal("the two runs are not recorded here"):
        commons.act("bo", posing)
    commons.wait(10)
    assert commons.stage(number) is Stage.ACCEPTED


def several_runs() -> tuple[Assembly, int]:
    commons = village({"evidence.mode": "gate", "evidence.on_missing": "block"})
    number = commons.propose("bo")
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(broken=9, judgement="block"))
    commons.measure(number, change, endpoint())
    return commons, number


def test_cherry_picked_run() -> None:
    """All recorded runs count and the worst decides: a better one afterwards does not help."""
    commons, number = several_runs()
    assert approved(commons, number, "cy") is Stage.REVIEW


def test_cherry_picked_run_succeeds_without() -> None:
    """Were the last run to count, its author would run until one looks good."""

    def the_last(proposal: Proposal, rules: Charter, slug: str) -> list[object]:
        return list(all_of_them(proposal, rules, slug))[-1:]

    all_of_them = evidence.gating
    commons, number = several_runs()
    with with_answer(evidence.gating, the_last):
        assert approved(commons, number, "cy") is Stage.ACCEPTED


def lowered() -> tuple[Assembly, int]:
    """Wording in its comment period as a change of policy, which runs then show to be neutral."""
    commons = village()
    number = commons.propose("bo", commons.change("spam", "wording"))
    commons.approve(number, "cy")
    commons.wait(2)
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint())
    return commons, number


def test_kind_changed_mid_decision() -> None:
    """A decision goes on as the kind that it opened as: its challenge time among the rest."""
    commons, number = lowered()
    commons.wait(6)
    assert commons.stage(number) is Stage.ACCEPTED
    assert commons.ready() == []
    assert effective_kind(commons.open(number), commons.state.charter_rules) is ChangeClass.POLICY


def test_kind_changed_mid_decision_succeeds_without() -> None:
    """Were the kind looked at anew, nobody could challenge it any more."""
    with with_answer(effective_kind, kind_now):
        commons, number = lowered()
        commons.wait(6)
        assert commons.ready() == [number]


# Comments


def flooded(answers: bool) -> Stage:
    """Somebody from outside comments every hour, right before anything could happen."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    for _ in range(40):
        commons.at += 3600
        commons.settle()
        if number not in commons.state.proposals or commons.stage(number) is Stage.ACCEPTED:
            break
        commons.act("xo", payloads.Commented(number=number, text=commons.sha()))
        if answers:
            waiting = commons.open(number).unanswered
            commons.act("bo", payloads.Answered(number=number, comments=waiting, text=commons.sha()))
    return commons.stage(number)


@pytest.mark.parametrize(("answers", "stage"), [(True, Stage.ACCEPTED), (False, Stage.REVIEW)])
def test_stall_by_comments(answers: bool, stage: Stage) -> None:
    """One answer to all of them, by anybody who belongs, and it goes on in that second; silence waits."""
    assert flooded(answers) is stage


def test_stall_by_comments_succeeds_without() -> None:
    """Were answers to come one at a time, an outsider could comment faster than members answer."""

    def after_a_day_of_silence(proposal: Proposal) -> guards.Guard:
        return guards.Guard("answers", True, None, (), proposal.changed_at + 24 * 3600)

    with with_answer(guards.answered, after_a_day_of_silence):
        assert flooded(answers=True) is not Stage.ACCEPTED
