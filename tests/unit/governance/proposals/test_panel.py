"""A challenge pauses an acceptance until a panel drawn by lot rules, or its time is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as changed

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.proposals.lot import draw, is_eligible, parties, ruling_of
from governance.proposals.state import Stage
from policies.canonical import sha256_hex
from tests.support.assembly import Assembly
from tests.support.communities import VILLAGERS, circle, refusal, village
from tests.support.made import HOUR, sha


def challenge(commons: Assembly, number: int, *who: str) -> None:
    for handle in who:
        commons.act(handle, payloads.Challenged(number=number, reason=sha(1)))


def by_consent(commons: Assembly, by: str = "bo", reviewer: str = "cy") -> int:
    number = commons.propose(by)
    commons.approve(number, reviewer)
    commons.wait(8)
    assert commons.stage(number) is Stage.ACCEPTED
    return number


def stayed(commons: Assembly, *who: str) -> int:
    number = by_consent(commons)
    challenge(commons, number, *(who or ("gu", "ha", "ira")))
    assert commons.stage(number) is Stage.STAYED
    return number


def drawn(commons: Assembly, actor: str = "cy") -> int:
    number = stayed(commons)
    commons.wait(24)
    commons.act(actor, payloads.Commented(number=number, text=sha(1)))
    return number


def rule(commons: Assembly, number: int, ruling: str, who: Iterable[str]) -> None:
    for handle in who:
        commons.act(handle, payloads.Ruled(number=number, ruling=ruling, reason=sha(1)))


# Challenges


def test_enough_challengers() -> None:
    """It takes as many as the charter says; until then it comes into force like any other."""
    commons = village()
    number = by_consent(commons)
    challenge(commons, number, "gu", "ha")
    assert commons.stage(number) is Stage.ACCEPTED
    challenge(commons, number, "ira")
    assert (commons.stage(number), commons.open(number).since) == (Stage.STAYED, commons.at)
    assert commons.open(number).challengers == ("gu", "ha", "ira")
    assert commons.state.drawing == (number,)


def test_refused_challenges() -> None:
    """Challenges are in time, once each, by those who were on the roll, where the charter has them."""
    commons = village(charter="open")
    number = commons.propose("bo")
    assert refusal(lambda: challenge(commons, number, "gu")).startswith("proposal 1 is in review")
    commons.approve(number, "cy")
    commons.wait(2)
    commons.act("joy", payloads.Applied())
    commons.wait(6)
    assert refusal(lambda: challenge(commons, number, "joy")) == (
        "joy was not on the roll when the decision on proposal 1 opened. Ask somebody who was."
    )
    assert refusal(lambda: challenge(commons, number, "xo")).startswith("xo is not a member")
    challenge(commons, number, "gu")
    assert refusal(lambda: challenge(commons, number, "gu")) == "gu has challenged it. Others have to."
    commons.wait(11.99)
    challenge(commons, number, "ha")
    commons.wait(0.01)
    assert refusal(lambda: challenge(commons, number, "ira")) == (
        "the time to challenge is over (class.*.challenge). Propose to change it back."
    )
    friends = circle()
    agreed = friends.propose("bo")
    friends.approve(agreed, "ana", "cy")
    assert refusal(lambda: challenge(friends, agreed, "ana")) == (
        "this acceptance cannot be challenged (class.*.stay), or was already. Propose to change it back."
    )


def test_what_no_decision_opened_for() -> None:
    """What was accepted at once had no roll: nobody challenges it, even if its kind now has time for it."""
    commons = circle({}, "di", "ed", "fi")
    consent = {
        "class.routine.mode": "consent",
        "class.routine.objection": 4,
        "class.routine.challenge": 12,
        "class.routine.stay": 1,
        "panel.size": 3,
        "panel.quorum": 2,
    }
    amendment = commons.propose("bo", charter=commons.charter("circle@1", consent))
    commons.wait(24)
    commons.vote(amendment, "yes", "ana", "bo", "cy", "di", "ed", "fi")
    number = commons.propose("bo", commons.change("spam", "cases_added"))
    assert commons.stage(number) is Stage.ACCEPTED
    commons.enact(amendment)
    assert refusal(lambda: challenge(commons, number, "cy")) == (
        "cy was not on the roll when the decision on proposal 2 opened. Ask somebody who was."
    )


def test_once() -> None:
    """What a panel let stand is not challenged again."""
    commons = village()
    number = drawn(commons)
    rule(commons, number, "uphold", commons.open(number).panel[:2])
    assert refusal(lambda: challenge(commons, number, "cy")).startswith(
        "this acceptance cannot be challenged"
    )


# The lot


def test_drawn() -> None:
    """A day later the first act by somebody uninvolved draws the panel, and the registry says who it is."""
    commons = village()
    number = stayed(commons)
    first = commons.open(number).seeds
    assert first == (commons.events[-1].prev and commons.state.prev,)
    commons.wait(23.9)
    commons.act("cy", payloads.Commented(number=number, text=sha(1)))
    assert commons.open(number).seeds == first
    commons.wait(0.1)
    for involved in ("bo", "gu", "xo"):
        commons.act(involved, payloads.Commented(number=number, text=sha(1)))
    assert commons.open(number).seeds == first
    event = commons.act("cy", payloads.Commented(number=number, text=sha(1)))
    proposal = commons.open(number)
    assert len(proposal.seeds) == 2
    assert commons.events[-1].prev == proposal.seeds[1]
    assert (proposal.panel, commons.events[-1].at) == (proposal.lot, event.at)
    assert len(proposal.panel) == 3
    assert commons.state.drawing == ()


def test_the_lot() -> None:
    """Everybody eligible gets the digest of the seed and their handle, and the lowest are drawn."""
    commons = village()
    number = drawn(commons)
    proposal = commons.open(number)
    seed = "".join(proposal.seeds)
    eligible = sorted(set(VILLAGERS) - {"bo", "gu", "ha", "ira"})
    lowest = sorted(eligible, key=lambda who: sha256_hex(f"{seed} {who}".encode()))[:3]
    assert proposal.panel == tuple(sorted(lowest))


def test_a_colleague_draws_nothing() -> None:
    """Whoever acts for a party's organisation is no more uninvolved than the party."""
    commons = village(affiliations={"bo": "acme", "cy": "acme"})
    number = commons.propose("bo")
    commons.approve(number, "di")
    commons.wait(8)
    challenge(commons, number, "gu", "ha", "ira")
    commons.wait(24)
    commons.act("cy", payloads.Commented(number=number, text=sha(1)))
    assert len(commons.open(number).seeds) == 1
    commons.act("di", payloads.Commented(number=number, text=sha(1)))
    assert "cy" not in commons.open(number).panel


def test_who_is_eligible() -> None:
    """Voters who are no party, and whose organisations are no party's, lately left ones included."""
    commons = village(affiliations={"bo": "acme", "cy": "acme", "di": "beta"})
    commons.act("cy", payloads.AffiliationDeclared(affiliation="independent"))
    number = commons.propose("bo", lineage=("ed",))
    commons.act("gu", payloads.AffiliationDeclared(affiliation="beta"))
    proposal = replace(commons.open(number), challengers=("gu",))
    rules = commons.state.charter_rules
    eligible = [who for who in VILLAGERS if is_eligible(commons.state, proposal, rules, who, commons.at)]
    assert eligible == ["ana", "ed", "fi", "ha", "ira"]
    assert not is_eligible(commons.state, proposal, rules, "xo", commons.at)
    assert parties(proposal) == {"bo", "gu"}
    later = commons.at + 4320 * HOUR
    assert not is_eligible(commons.state, proposal, rules, "ana", later)


def test_one_organisation_takes_its_share() -> None:
    """An organisation is on a panel with its share at most."""
    commons = village(
        {"panel.size": 4, "panel.quorum": 3}, affiliations=dict.fromkeys(("ana", "cy", "di", "ed"), "acme")
    )
    number = commons.propose("bo")
    rules = commons.state.charter_rules
    for seed in range(20):
        proposal = replace(commons.open(number), seeds=(sha(seed),), challengers=("ha",))
        panel = draw(commons.state, proposal, rules, commons.at)
        acme = [who for who in panel if commons.state.people.members[who].affiliation == "acme"]
        assert len(acme) <= 1
        assert len(panel) == 4


def test_too_few() -> None:
    """Where too few are eligible nobody is drawn, and the acceptance stands when the time is over."""
    commons = village()
    number = stayed(commons)
    for who in ("cy", "di", "ed", "fi"):
        commons.act(who, payloads.Left())
    commons.wait(24)
    commons.act("ana", payloads.AffiliationDeclared(affiliation="independent"))
    proposal = commons.open(number)
    assert (len(proposal.seeds), proposal.lot, proposal.panel) == (2, (), ())
    assert commons.state.drawing == ()
    commons.wait(336)
    assert commons.stage(number) is Stage.ACCEPTED


def test_nobody_acts() -> None:
    """Where nobody acts there is no lot, and the acceptance stands when the time is over."""
    commons = village()
    number = stayed(commons)
    since = commons.at
    commons.wait(336)
    proposal = commons.open(number)
    assert (proposal.stage, proposal.upheld, proposal.since) == (Stage.ACCEPTED, True, since + 336 * HOUR)
    commons.act("cy", payloads.Commented(number=number, text=sha(1)))
    assert commons.state.drawing == ()


def test_another_panel() -> None:
    """The registry names those on whom the lot fell, and nobody else."""
    commons = village()
    number = stayed(commons)
    commons.wait(24)
    draft = commons.draft("cy", payloads.Commented(number=number, text=sha(1)))
    commons._append(draft)
    owed = commons.owed()
    assert owed is not None
    said = owed.payload
    assert isinstance(said, payloads.PanelDrawn)
    others = tuple(sorted(set(VILLAGERS) - set(said.panel)))[:3]
    wrong = changed(owed, payload=replace(said, panel=others))
    assert (
        refusal(lambda: commons._append(wrong)) == f"the lot fell on others. It is {', '.join(said.panel)}."
    )


# Rulings


@pytest.mark.parametrize(
    ("ruling", "stage"), [("uphold", Stage.ACCEPTED), ("void", Stage.VOIDED), ("return", Stage.REVIEW)]
)
def test_a_majority_rules(ruling: str, stage: Stage) -> None:
    """As soon as more than half of the panel say the same, it is so."""
    commons = village()
    number = drawn(commons)
    panel = commons.open(number).panel
    rule(commons, number, ruling, panel[:1])
    assert commons.stage(number) is Stage.STAYED
    rule(commons, number, ruling, panel[1:2])
    assert commons.stage(number) is stage
    if stage is Stage.ACCEPTED:
        assert (commons.open(number).upheld, commons.ready()) == (True, [number])
    if stage is Stage.REVIEW:
        proposal = commons.open(number)
        assert (proposal.returned, proposal.challengers, proposal.panel, proposal.seeds) == (
            "ruling",
            (),
            (),
            (),
        )


def test_the_last_word() -> None:
    """A member of the panel may change their mind until the end."""
    commons = village()
    number = drawn(commons)
    panel = commons.open(number).panel
    rule(commons, number, "void", panel[:1])
    rule(commons, number, "uphold", panel[:1])
    assert commons.open(number).rulings == ((panel[0], "uphold"),)
    rule(commons, number, "void", panel[1:2])
    assert commons.stage(number) is Stage.STAYED


def test_who_rules() -> None:
    """Those who were drawn, while they are members."""
    commons = village()
    number = drawn(commons)
    panel = commons.open(number).panel
    outside = next(who for who in VILLAGERS if who not in panel)
    assert refusal(lambda: rule(commons, number, "void", [outside])) == (
        f"{outside} is not on the panel. The panel was drawn by lot."
    )
    leaver = next(who for who in panel if who != "ana")
    commons.act(leaver, payloads.Left())
    assert refusal(lambda: rule(commons, number, "void", [leaver])).startswith(f"{leaver} is not a member")


@pytest.mark.parametrize(
    ("rulings", "final", "expected"),
    [
        ([], True, None),
        (["void"] * 2, False, None),
        (["void"] * 3, False, "void"),
        (["void"] * 3, True, "void"),
        (["void"] * 2 + ["uphold"], True, None),
        (["void"] * 3 + ["uphold"], True, "void"),
        (["void"] * 2 + ["uphold"] * 2, True, None),
        (["void"] * 2 + ["uphold", "return"], True, None),
        (["void", "void", "uphold", "uphold", "return"], True, None),
        (["return"] * 3 + ["void"] * 2, False, "return"),
    ],
)
def test_what_rulings_come_to(rulings: list[str], final: bool, expected: str | None) -> None:
    """More than half of the panel at any time, or more than half of a quorum at the end."""
    commons = village()
    number = commons.propose("bo")
    panel = tuple("abcde")
    proposal = replace(commons.open(number), panel=panel, rulings=tuple(zip(panel, rulings, strict=False)))
    rules = replace(
        commons.state.charter_rules, panel=replace(commons.state.charter_rules.panel, size=5, quorum=4)
    )
    assert ruling_of(proposal, rules, final=final) == expected


@pytest.mark.parametrize(
    ("ruling", "count", "stage"),
    [("void", 1, Stage.ACCEPTED), ("void", 0, Stage.ACCEPTED)],
)
def test_no_ruling_in_time(ruling: str, count: int, stage: Stage) -> None:
    """A lapse is for what was accepted: silence voids nothing."""
    commons = village()
    number = drawn(commons)
    rule(commons, number, ruling, commons.open(number).panel[:count])
    since = commons.open(number).since
    commons.wait(336)
    assert commons.stage(number) is stage
    assert commons.open(number).since == since + 336 * HOUR
    last = commons.events[-1].payload
    assert isinstance(last, payloads.StayEnded)
    assert last.ruling == "lapse"


def test_at_the_end_a_quorum_is_enough() -> None:
    """At the end, most of those who ruled decide, where enough of them did."""
    commons = village({"panel.size": 4, "panel.quorum": 3})
    number = drawn(commons)
    panel = commons.open(number).panel
    assert len(panel) == 4
    rule(commons, number, "void", panel[:2])
    rule(commons, number, "uphold", panel[2:3])
    assert commons.stage(number) is Stage.STAYED
    commons.wait(336)
    assert commons.stage(number) is Stage.VOIDED
