"""What people sign, byte for byte."""

from __future__ import annotations

import pytest

from governance.events import Draft, place
from governance.payloads import ChildFounded, ClockConfirmed
from policies.canonical import sha256_hex
from registry.keys.statements import ACT, BALLOT, EVENT, BallotContext, act_statement, ballot_statement

CHARTER = "d" * 40
CONTEXT = BallotContext(commons="roost", proposal=12, content="c" * 64, charter=CHARTER, roll="e" * 64)
CONFIRMED = Draft(type="clock_confirmed", actor="ana", payload=ClockConfirmed(last=1, now=2))
NESTED = Draft(type="child_founded", actor="ana", payload=ChildFounded(name="roost/teens", founding="a" * 64))


def test_an_open_ballot() -> None:
    """An open ballot states its choice."""
    said = ballot_statement(CONTEXT, member="ana", nonce=3, choice="yes").decode()
    assert said == (
        f'{{"charter":"{CHARTER}","choice":"yes","commons":"roost","content":"{"c" * 64}",'
        f'"member":"ana","nonce":3,"proposal":12,"roll":"{"e" * 64}"}}'
    )


def test_a_sealed_ballot() -> None:
    """A sealed ballot states its box, and nothing of the choice."""
    said = ballot_statement(CONTEXT, member="ana", nonce=3, box="AAAA").decode()
    assert said == (
        f'{{"box":"AAAA","charter":"{CHARTER}","commons":"roost","content":"{"c" * 64}",'
        f'"member":"ana","nonce":3,"proposal":12,"roll":"{"e" * 64}"}}'
    )


@pytest.mark.parametrize("more", [{}, {"choice": "yes", "box": "AAAA"}])
def test_neither_or_both(more: dict[str, str]) -> None:
    """A ballot that states neither or both is a mistake of the program."""
    with pytest.raises(ValueError, match="its choice or its box"):
        ballot_statement(CONTEXT, member="ana", nonce=3, **more)


def test_the_context() -> None:
    """The digest stands for all facts of the vote: SHA-256 of their canonical JSON."""
    facts = (
        f'{{"charter":"{CHARTER}","commons":"roost","content":"{"c" * 64}",'
        f'"proposal":12,"roll":"{"e" * 64}"}}'
    )
    assert CONTEXT.digest == sha256_hex(facts.encode())


def test_another_act() -> None:
    """Any other act states its type, payload and the charter in force; a draft and its event alike."""
    said = act_statement(CONFIRMED, commons="roost", charter=CHARTER, nonce=4)
    assert said.decode() == (
        f'{{"actor":"ana","charter":"{CHARTER}","commons":"roost","nonce":4,'
        '"payload":{"last":1,"now":2},"type":"clock_confirmed"}'
    )
    event = place(CONFIRMED, seq=7, at=9, charter=CHARTER, prev="0" * 64)
    assert act_statement(event, commons="roost", charter=event.charter, nonce=4) == said


def test_every_part_counts() -> None:
    """Statements that differ in any part are different bytes, and each kind has its own namespace."""
    said = {
        act_statement(NESTED, commons="roost", charter=CHARTER, nonce=4),
        act_statement(CONFIRMED, commons="roost", charter=CHARTER, nonce=4),
        act_statement(CONFIRMED, commons="nest", charter=CHARTER, nonce=4),
        act_statement(CONFIRMED, commons="roost", charter="e" * 40, nonce=4),
        act_statement(CONFIRMED, commons="roost", charter=CHARTER, nonce=5),
        ballot_statement(CONTEXT, member="ana", nonce=3, choice="yes"),
        ballot_statement(CONTEXT, member="ben", nonce=3, choice="yes"),
        ballot_statement(CONTEXT, member="ana", nonce=4, choice="yes"),
        ballot_statement(CONTEXT, member="ana", nonce=3, choice="no"),
        ballot_statement(CONTEXT, member="ana", nonce=3, box="yes"),
    }
    assert len(said) == 10
    assert len({ACT, BALLOT, EVENT}) == 3
