"""The kind of a change: from what it touches, from evidence, from objections and from history."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.charter.model import ChangeClass
from governance.proposals.kinds import effective_kind, hours, is_stricter
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.communities import circle, refusal, solo, village
from tests.support.made import endpoint, sha

ROUTINE, POLICY = ChangeClass.ROUTINE, ChangeClass.POLICY
GATE = {"evidence.mode": "gate", "evidence.on_missing": "warn", "evidence.on_inconclusive": "warn"}


def kind(commons: Assembly, number: int) -> ChangeClass:
    return effective_kind(commons.open(number), commons.state.charter_rules)


@pytest.mark.parametrize(
    ("touches", "expected"),
    [
        (("cases_added",), ROUTINE),
        (("metadata",), ROUTINE),
        (("cases_added", "metadata"), ROUTINE),
        (("labels",), POLICY),
        (("structure",), POLICY),
        (("wording",), POLICY),
        (("attachments",), POLICY),
        (("cases_changed",), POLICY),
        (("rights",), POLICY),
        (("cases_added", "rights"), POLICY),
    ],
)
def test_by_what_it_touches(touches: tuple[str, ...], expected: ChangeClass) -> None:
    """Added cases and description are routine; what may move a verdict, or who may do what, is not."""
    commons = village()
    assert commons.open(commons.propose("bo", commons.change("spam", *touches))).kind is expected


def test_mixed() -> None:
    """A mixed change takes the strictest kind of its parts."""
    commons = village()
    new, routine = commons.change("scams"), commons.change("spam", "cases_added")
    assert commons.open(commons.propose("bo", routine)).kind is ROUTINE
    assert commons.open(commons.propose("cy", new, routine)).kind is POLICY
    text = commons.charter(*CHARTERS["circle"])
    assert commons.open(commons.propose("di", routine, charter=text)).kind is ChangeClass.ENTRENCHED


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ({"class.policy.voting": 7}, ChangeClass.CHARTER),
        ({"panel.ruling_hours": 400}, ChangeClass.ENTRENCHED),
        ({"class.entrenched.voting": 7}, ChangeClass.ENTRENCHED),
    ],
)
def test_amendments(override: dict[str, int], expected: ChangeClass) -> None:
    """An amendment is of the kind charter, and of protected keys of the kind entrenched."""
    commons = village()
    preset, values = CHARTERS["quick"]
    number = commons.propose("bo", charter=commons.charter(preset, {**values, **override}))
    assert commons.open(number).kind is expected


def test_order() -> None:
    """Strictness is an order: no kind is stricter than itself."""
    assert is_stricter(POLICY, ROUTINE)
    assert not is_stricter(ROUTINE, POLICY)
    assert not is_stricter(POLICY, POLICY)


def test_hours_that_a_mode_does_not_read() -> None:
    """A time that the mode of a kind does not read is none."""
    rules = circle().state.charter_rules.classes.charter
    assert (rules.notice, hours(rules, "notice"), hours(rules, "objection")) == (24, 24, 0)
    consent = circle(CHARTERS["amended by consent"][1]).state.charter_rules.classes.charter
    assert (consent.notice, hours(consent, "notice")) == (24, 0)


# Wording that moves nothing


def worded(commons: Assembly, *touches: str) -> int:
    return commons.propose("bo", commons.change("spam", *(touches or ("wording",))))


def measure(commons: Assembly, number: int, **found: object) -> None:
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(**found))  # type: ignore[arg-type]


def test_wording_that_moves_nothing() -> None:
    """Wording is a change of policy until runs of the shared model show that it moves no verdict."""
    commons = village()
    number = worded(commons)
    assert kind(commons, number) is POLICY
    measure(commons, number)
    assert kind(commons, number) is ROUTINE


@pytest.mark.parametrize("found", [{"mended": 1}, {"broken": 1}, {"cases": 0}])
def test_wording_that_moves_something(found: dict[str, int]) -> None:
    """One verdict that moved is enough, whichever way, and a run without a case shows nothing."""
    commons = village()
    number = worded(commons)
    measure(commons, number, **found)
    assert kind(commons, number) is POLICY


def test_all_runs_count() -> None:
    """The best of several runs is not picked: one that moved a verdict counts, first or last."""
    commons = village()
    number = worded(commons)
    measure(commons, number)
    measure(commons, number, broken=1)
    measure(commons, number)
    assert kind(commons, number) is POLICY


@pytest.mark.parametrize("touches", [("wording", "labels"), ("labels",), ("wording", "rights")])
def test_more_than_wording(touches: tuple[str, ...]) -> None:
    """Nothing but wording becomes routine by evidence."""
    commons = village()
    number = worded(commons, *touches)
    measure(commons, number)
    assert kind(commons, number) is POLICY


def test_every_policy_that_is_worded_anew() -> None:
    """Where several policies are worded anew, evidence on one of them says nothing about the other."""
    commons = village()
    other = commons.propose("cy", commons.change("scams"))
    commons.approve(other, "di")
    commons.wait(30)
    commons.enact(other)
    changes = (commons.change("scams", "wording"), commons.change("spam", "wording"))
    number = commons.propose("bo", *changes)
    commons.measure(number, changes[1], endpoint())
    assert kind(commons, number) is POLICY
    commons.measure(number, changes[0], endpoint())
    assert kind(commons, number) is ROUTINE


def test_with_a_charter() -> None:
    """Wording beside an amendment stays what the amendment is; a withdrawal has no wording at all."""
    commons = village()
    text = commons.charter(*CHARTERS["circle"])
    number = commons.propose("bo", commons.change("spam", "wording"), charter=text)
    assert kind(commons, number) is ChangeClass.ENTRENCHED
    assert kind(commons, commons.propose_withdrawal("cy")) is POLICY


def test_tests_that_are_off() -> None:
    """Where a charter asks for no tests, they make nothing easier."""
    commons = circle({"evidence.mode": "off"})
    number = worded(commons)
    measure(commons, number)
    assert kind(commons, number) is POLICY


@pytest.mark.parametrize("wrong", ["model", "template", "effort", "suite"])
def test_the_shared_model(wrong: str) -> None:
    """Only runs count that were made with the model, template, effort and suites that the charter names."""
    commons = village()
    number = worded(commons)
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(), **{wrong: "another"})
    assert kind(commons, number) is POLICY
    assert len(commons.open(number).evidence) == 1


@pytest.mark.parametrize(("revision", "expected"), [("a" * 40, ROUTINE), ("b" * 40, POLICY)])
def test_the_revision_of_the_model(revision: str, expected: ChangeClass) -> None:
    """Where a charter names the exact revision of the model, only that one counts."""
    commons = village({"evidence.model.revision": "a" * 40})
    number = worded(commons)
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(), revision=revision)
    assert kind(commons, number) is expected


# Raised


def test_evidence_asks_for_a_vote() -> None:
    """Where evidence asks for a vote, a routine change goes the way of a change of policy."""
    commons = village({**GATE, "evidence.on_missing": "vote"})
    number = commons.propose("bo", commons.change("spam", "cases_added"))
    assert kind(commons, number) is POLICY
    measure(commons, number)
    assert kind(commons, number) is ROUTINE


def test_an_owner_decides_whatever_evidence_says() -> None:
    """Evidence raises nothing that an owner decides."""
    overrides = {
        **GATE,
        "evidence.on_missing": "vote",
        "class.routine.mode": "owner",
        "class.routine.objection": None,
    }
    commons = village(overrides)
    number = commons.propose("bo", commons.change("spam", "cases_added"))
    assert kind(commons, number) is ROUTINE


def test_what_was_taken_back() -> None:
    """What a member took back comes again only as a change of policy."""
    commons = circle()
    change = commons.change("spam", "cases_added")
    first = commons.propose("bo", change)
    commons.enact(first)
    commons.undo("cy", first)
    again = commons.propose("bo", commons.change("spam", "cases_added", head=change.head))
    assert (commons.open(again).raised, kind(commons, again)) == (POLICY, POLICY)
    other = commons.propose("bo", commons.change("spam", "cases_added"))
    assert commons.state.ended.get(other) or commons.open(other).raised is None


def test_revised_to_what_was_taken_back() -> None:
    """It is so as well for a revision, and stays so whatever is revised after that."""
    commons = circle()
    change = commons.change("spam", "cases_added")
    first = commons.propose("bo", change)
    commons.enact(first)
    commons.undo("cy", first)
    number = commons.propose("bo", commons.change("spam", "wording"))
    commons.revise("bo", number, commons.change("spam", "cases_added", head=change.head))
    assert commons.open(number).raised is POLICY
    commons.revise("bo", number, commons.change("spam", "cases_added"))
    assert commons.open(number).raised is POLICY


def test_an_objection_where_changes_are_direct() -> None:
    """A change that would be in force at once goes the longer way where somebody objects to it."""
    commons = circle()
    number = commons.propose("xo", commons.change("spam", "cases_added"))
    assert kind(commons, number) is ROUTINE
    objection = commons.object("cy", number)
    assert kind(commons, number) is POLICY
    commons.act("cy", payloads.ObjectionResolved(number=number, objection=objection))
    assert kind(commons, number) is ROUTINE
    commons.act("bo", payloads.Adopted(number=number))
    assert commons.stage(number) is Stage.ACCEPTED


def test_frozen() -> None:
    """Once a decision is open its kind stays, whatever runs show from then on."""
    commons = village()
    number = worded(commons)
    commons.approve(number, "cy")
    commons.wait(2)
    assert commons.stage(number) is Stage.COMMENT
    measure(commons, number)
    assert kind(commons, number) is POLICY


def test_evidence_that_comes_late() -> None:
    """What only seemed neutral goes the longer way at the end of its short one."""
    commons = village()
    number = worded(commons)
    measure(commons, number)
    commons.approve(number, "cy")
    assert commons.open(number).frozen.kind is ROUTINE  # type: ignore[union-attr]
    measure(commons, number, broken=1)
    commons.wait(4)
    assert (commons.open(number).raised, kind(commons, number)) == (POLICY, POLICY)
    assert any(event.type == "escalated" for event in commons.events)


def test_evidence_recorded() -> None:
    """Evidence is of exactly this content, from two runs that are recorded here."""
    commons = village()
    number = worded(commons)
    (change,) = commons.open(number).revision.changes  # type: ignore[union-attr]
    commons.measure(number, change, endpoint(10, mended=4, broken=6))
    (shown,) = commons.open(number).evidence
    assert (shown.seq, shown.slug, shown.content) == (
        commons.state.seq,
        "spam",
        commons.open(number).content,
    )
    said = commons.events[-1].payload
    assert isinstance(said, payloads.EvidenceRecorded)
    run = (
        "the two runs are not recorded here, or not of the policy before and after the change. "
        "Record both runs first."
    )
    spoilt = {
        replace(said, content=sha(1)): (
            "the evidence is on another content than proposal 1 has now. Run what it proposes now."
        ),
        replace(said, slug="scams"): (
            "proposal 1 does not change a released scams. Compare a policy that it changes."
        ),
        replace(said, base=said.head): run,
        replace(said, head=said.base): run,
        replace(said, base="f" * 40): run,
        replace(said, missed=endpoint(10, mended=5, broken=6)): (
            "more cases changed than there are. Count them again."
        ),
        replace(said, flagged=endpoint(0, broken=1)): "more cases changed than there are. Count them again.",
    }
    for payload, expected in spoilt.items():
        assert refusal(lambda payload=payload: commons.act("xo", payload)) == expected
    commons.act("xo", said)


def test_runs_of_another_policy() -> None:
    """What two policies that read alike were measured as stands for each of them alone."""
    commons = solo()
    twin = commons.release("scams", "1.0.0", commons.state.policies["spam"].latest.content)
    published = payloads.Published(release=twin, change="first", mode="owner")
    commons.act("ana", published, *commons.release_moves((twin,), twin.commit))
    commons.join("bo", "cy").amend("circle@1")
    changes = [commons.change(slug, head=sha(7)) for slug in ("spam", "scams")]
    number = commons.propose("bo", changes[0])
    other = commons.propose("cy", changes[1])
    commons.measure(other, changes[1], endpoint())
    said = commons.events[-1].payload
    assert isinstance(said, payloads.EvidenceRecorded)
    posing = replace(said, number=number, slug="spam", content=commons.open(number).content)
    assert refusal(lambda: commons.act("bo", posing)).startswith(
        "the two runs are not recorded here, or not of the policy before and after the change."
    )


def test_new_policies_cannot_be_compared() -> None:
    """Evidence compares with what was released before."""
    commons = village()
    change = commons.change("scams")
    number = commons.propose("bo", change)
    head = commons.run(change.head, "scams")
    base = commons.run(commons.state.policies["spam"].latest.content)
    said = payloads.EvidenceRecorded(
        number=number,
        content=commons.open(number).content,
        slug="scams",
        base=base,
        head=head,
        model="m",
        revision="",
        effort="low",
        template="t@1",
        suite="public",
        digest=sha(1),
        missed=endpoint(),
        flagged=endpoint(),
    )
    assert refusal(lambda: commons.act("xo", said)).startswith("proposal 1 does not change a released scams.")
