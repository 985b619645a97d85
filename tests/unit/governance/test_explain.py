"""Why a proposal stands where it stands: the guards that the fold obeys, in words with their arithmetic."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.charter.model import ChangeClass
from governance.explain import Explanation, Line, Way, explain, explain_end, explain_tally
from governance.minutes.wording import moment
from governance.proposals.state import Stage
from governance.proposals.steps import next_step, paths
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.communities import VILLAGERS, circle, solo, village
from tests.support.made import HOUR, sha


def explained(commons: Assembly, number: int) -> Explanation:
    return explain(commons.state, commons.open(number))


def ways(commons: Assembly, number: int) -> dict[str, Way]:
    return {way.to: way for way in explained(commons, number).ways}


def said(way: Way) -> dict[str, str]:
    return {line.code: line.says for line in way.lines}


def test_in_review() -> None:
    """Each way on with everything that it waits for, and the charter's key for each."""
    commons = village()
    number = commons.propose("bo")
    found = explained(commons, number)
    assert (found.number, found.stage, found.since, found.kind, found.raised, found.charter) == (
        1,
        Stage.REVIEW,
        commons.at,
        ChangeClass.POLICY,
        False,
        commons.state.charter,
    )
    now = commons.at
    assert ways(commons, number)["comment_opened"] == Way(
        "comment_opened",
        None,
        (
            Line(
                "reviews", False, "0 of 1 approval by people without a stake in it.", "class.policy.reviews"
            ),
            Line("base", True, "What it changes stands on main as it was when this began.", None),
            Line("returned", True, "It did not come back from acceptance.", None),
            Line("sponsor", True, "bo stands behind it.", None),
            Line(
                "discussion",
                True,
                f"It is open for discussion for at least 2 hours, until {moment(now + 2 * HOUR)}.",
                "class.policy.review_min",
                now + 2 * HOUR,
            ),
            Line(
                "edit_freeze",
                True,
                f"It has to stay unchanged for 1 hour, until {moment(now + HOUR)}.",
                "class.policy.edit_freeze",
                now + HOUR,
            ),
            Line("answers", True, "Comments from outside that wait for an answer: 0.", None),
            Line("holds", True, "Nobody asked for more time.", "objections.hold_expiry"),
            Line(
                "evidence",
                True,
                "The evidence does not stand in the way (evidence is advisory).",
                "evidence.mode",
            ),
        ),
    )
    assert said(ways(commons, number)["voting_opened"])["calls"] == "0 of 3 members asked for a vote."
    lapse = ways(commons, number)["lapsed"]
    assert lapse.due == now + 2160 * HOUR
    assert said(lapse)["lapse"].startswith("It times out when nothing happens for 2160 hours, until")


def test_the_same_guards() -> None:
    """What is explained is what the fold obeys: the first way that is due is the step that it takes."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    step = next_step(commons.state, commons.open(number))
    assert step is not None
    found = ways(commons, number)
    due = {to: way.due for to, way in found.items() if way.due is not None}
    assert min(due, key=lambda to: due[to]) == step.type
    assert due[step.type] == step.due == commons.open(number).due
    shown = [
        (guard.code, guard.holds, guard.key, guard.time)
        for guard in paths(commons.state, commons.open(number))[0].guards
    ]
    assert shown == [(line.code, line.holds, line.key, line.since) for line in found[step.type].lines]


def test_what_is_not_asked() -> None:
    """No reviews, and no time to challenge, are no conditions and are not told as such."""
    commons = circle({"class.policy.reviews": 0})
    number = commons.propose("xo")
    codes = list(said(ways(commons, number)["comment_opened"]))
    assert codes == ["base", "returned", "sponsor", "answers", "holds", "evidence"]
    commons.act("bo", payloads.Adopted(number=number))
    commons.wait(20)
    way = ways(commons, number)["enacted"]
    assert (list(said(way)), way.due) == (["line"], commons.at)


def test_what_hinders() -> None:
    """Holds, answers, returned and moved bases are named."""
    commons = village()
    number = commons.propose("xo")
    commons.act("bo", payloads.Held(number=number, reason=sha(1)))
    commons.act("yu", payloads.Commented(number=number, text=sha(1)))
    lines = said(ways(commons, number)["comment_opened"])
    assert lines["sponsor"] == "No member stands behind it."
    assert lines["holds"] == f"Time was asked for, until {moment(commons.at + 72 * HOUR)}."
    assert lines["answers"] == "Comments from outside that wait for an answer: 1."
    owner = solo().join("bo")
    accepted = owner.propose("bo")
    owner.approve(accepted, "ana")
    owner.publish("spam", "1.1.0")
    lines = said(ways(owner, accepted)["accepted:owner"])
    assert lines["returned"] == "It came back from acceptance (base-moved) and waits for a new revision."
    assert lines["base"] == "Changed on main since this began: spam."
    assert lines["owner"] == "An owner decides: ana."


def test_in_comment() -> None:
    """The end of the period, objections and how many stand behind it."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    ends = commons.open(number).frozen.ends  # type: ignore[union-attr]
    found = ways(commons, number)
    assert list(found) == ["returned:base-moved", "accepted:unanimous", "accepted:consent", "lapsed"]
    assert said(found["accepted:consent"])["comment"] == (
        f"The final comment period takes 6 hours, until {moment(ends)}."
    )
    assert said(found["accepted:consent"])["objections"] == "0 objections in the way."
    assert said(found["accepted:unanimous"])["unanimous"] == "2 of 9 voters stand behind it."
    assert said(found["returned:base-moved"])["moved"] == "Changed on main since this began: nothing."
    commons.object("di", number)
    found = ways(commons, number)
    assert found["voting_opened"].due == ends
    assert said(found["accepted:unanimous"])["objections"] == "1 objection in the way."


def test_in_a_vote() -> None:
    """Until when it is open, and that everybody's yes ends it."""
    commons = circle({"class.policy.mode": "vote"})
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.vote(number, "yes", "bo")
    lines = [said(way) for way in explained(commons, number).ways]
    ends = commons.open(number).frozen.ends  # type: ignore[union-attr]
    assert lines == [
        {"unanimous": "1 of 3 voters stand behind it."},
        {"voting": f"The vote takes 72 hours, until {moment(ends)}."},
    ]
    sealed = circle({"class.policy.mode": "vote", "ballot.visibility": "sealed_until_close"})
    number = sealed.propose("bo")
    sealed.approve(number, "cy")
    (way,) = explained(sealed, number).ways
    assert (
        said(way)["boxes"]
        == f"The boxes have to be opened within 72 hours, until {moment(ends + 72 * HOUR)}."
    )


def test_accepted() -> None:
    """Until when it can be challenged, and whether something comes first."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(8)
    ready = commons.at + 12 * HOUR
    way = ways(commons, number)["enacted"]
    assert (way.due, said(way)["challenge"]) == (
        ready,
        f"It can be challenged for 12 hours, until {moment(ready)}.",
    )
    assert said(way)["line"] == "No proposal whose decision opened earlier changes the same."
    later = commons.propose("cy", commons.change("spam", "cases_added"))
    commons.approve(later, "di")
    commons.wait(4)
    way = ways(commons, later)["enacted"]
    assert way.due is None
    assert said(way)["line"] == (
        "Proposal 1 changes the same, and its decision opened earlier: that comes first."
    )


def test_paused() -> None:
    """What the panel is drawn from, how many ruled, and until when."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(8)
    for who in ("gu", "ha", "ira"):
        commons.act(who, payloads.Challenged(number=number, reason=sha(1)))
    found = ways(commons, number)
    assert said(found["panel_drawn"])["seed"] == "1 of 2 events that the lot is drawn from."
    assert said(found["stay_ended:lapse"])["ruling"].startswith("The panel has 336 hours, until")
    commons.wait(24)
    commons.act("cy", payloads.Commented(number=number, text=sha(1)))
    lines = [said(way) for way in explained(commons, number).ways]
    assert lines[0] == {"majority": "0 of 3 members of the panel ruled."}
    for who in commons.open(number).panel[:2]:
        commons.act(who, payloads.Ruled(number=number, ruling="uphold", reason=sha(1)))
    assert said(ways(commons, number)["enacted"])["challenge"] == "The panel let it stand."


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"evidence.on_missing": "vote"}, "The evidence asks for a vote (evidence is gate)."),
        (
            {"evidence.on_missing": "block"},
            "The evidence stops it: clearly worse, or missing where it is asked for (evidence is gate).",
        ),
    ],
)
def test_evidence(overrides: dict[str, str], words: str) -> None:
    """What the evidence means is said."""
    commons = village({"evidence.mode": "gate", **overrides})
    number = commons.propose("bo")
    way = explained(commons, number).ways[0]
    assert said(way)["evidence"] == words


def test_raised() -> None:
    """A kind that was raised is said to be, and the frozen charter is named."""
    commons = village()
    number = commons.propose("bo", commons.change("spam", "cases_added"))
    commons.approve(number, "cy")
    commons.object("di", number)
    commons.wait(4)
    found = explained(commons, number)
    assert (found.kind, found.raised) == (ChangeClass.POLICY, True)
    before = commons.state.charter
    amendment = commons.propose("cy", charter=commons.charter(*CHARTERS["circle"]))
    commons.wait(3)
    commons.vote(amendment, "yes", *VILLAGERS)
    commons.enact(amendment)
    assert explained(commons, number).charter == before != commons.state.charter


def test_tally() -> None:
    """Quorum and threshold of each charter, groups, and what was not counted, with the numbers."""
    required = payloads.Requirement(
        charter="a" * 40, quorum=5, threshold="1/2", quorum_met=False, threshold_met=True
    )
    tally = payloads.Tally(
        kind="policy",
        voters=9,
        yes=4,
        no=1,
        abstain=1,
        spoilt=2,
        late=1,
        requirements=(required,),
        groups=(payloads.GroupCount(group="teens", yes=1, no=2, abstain=0, passed=True),),
        outcome="no_quorum",
    )
    rules = village().state.charter_rules
    assert explain_tally(tally, {"a" * 40: rules}) == (
        Line(
            "quorum",
            False,
            "4 yes, and 5 are needed: the square root of 9 voters times 3/2, rounded up, and never below 3.",
            "class.policy.quorum",
        ),
        Line(
            "threshold",
            True,
            "4 yes of 5 yes and no, and more than 1/2 of them is needed; "
            "abstentions (1) count toward neither.",
            "class.policy.threshold",
        ),
        Line(
            "group",
            True,
            "Of those who speak for teens: 1 yes, 2 no, 0 abstained.",
            "class.policy.group_gate",
        ),
        Line("uncounted", True, "1 ballot came late and 2 could not be read; neither counts.", None),
    )


@pytest.mark.parametrize(
    ("preset", "threshold", "quorum", "words"),
    [
        ("circle@1", "2/3", 2, "2 yes, and 2 are needed: 1/2 of 3 voters, rounded up, and never below 2."),
        ("all", "1/1", 3, "2 yes of 3 voters, and all of them must say yes."),
    ],
)
def test_other_requirements(preset: str, threshold: str, quorum: int, words: str) -> None:
    """A share of the voters, and everybody, are said as such; a threshold other than a half is reached."""
    rules = circle(CHARTERS["all approve"][1] if preset == "all" else None).state.charter_rules
    required = payloads.Requirement(
        charter="a" * 40, quorum=quorum, threshold=threshold, quorum_met=True, threshold_met=True
    )
    tally = payloads.Tally(
        kind="charter",
        voters=3,
        yes=2,
        no=1,
        abstain=0,
        spoilt=0,
        late=0,
        requirements=(required,),
        groups=(),
        outcome="accepted",
    )
    lines = {line.code: line.says for line in explain_tally(tally, {"a" * 40: rules})}
    assert lines["quorum"] == words
    assert lines["threshold"].startswith(f"2 yes of 3 yes and no, and at least {threshold} of them")
    assert "uncounted" not in lines


def test_ends() -> None:
    """How a proposal ended, in one sentence, for every end."""
    commons = circle()
    number = commons.propose("bo", commons.change("spam", "cases_added"))
    commons.enact(number)
    at = moment(commons.at)
    assert (
        explain_end(commons.over(number)) == f"In force since {at}, accepted at once, as the charter allows."
    )
    commons.undo("cy", number)
    assert explain_end(commons.over(number)) == (
        "Came into force, accepted at once, as the charter allows, and was taken back by a member."
    )
    given_up = commons.propose("bo")
    commons.give_up("bo", given_up)
    assert explain_end(commons.over(given_up)) == f"Given up by its author at {at}."
    over = commons.over(given_up)
    sentences = {
        Stage.REJECTED: f"Rejected by a vote at {at}.",
        Stage.NO_QUORUM: f"Not decided: too few approved by {at}.",
        Stage.VOIDED: f"Voided by a panel at {at}.",
        Stage.LAPSED: f"Timed out at {at}.",
    }
    for stage, sentence in sentences.items():
        assert explain_end(replace(over, stage=stage)) == sentence
    ways_to = {
        "owner": "by its owner",
        "consent": "since nobody objected",
        "unanimous": "by everybody who may vote",
        "vote": "by a vote",
    }
    for way, words in ways_to.items():
        assert (
            explain_end(replace(over, stage=Stage.ENACTED, way=way))
            == f"In force since {at}, accepted {words}."
        )
