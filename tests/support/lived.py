"""The log of a commons that has lived through everything: an event of every type, where it is allowed."""

from __future__ import annotations

from functools import cache

from governance import payloads
from governance.authority import RUNS, TEXTS
from governance.events import Event
from governance.payloads import Move
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.made import endpoint, public_key

FRIENDS = ("bo", "cy", "di", "ed", "fi", "gu", "ha", "ira")


@cache
def lived() -> tuple[Event, ...]:
    """All its events."""
    commons = Assembly(name="nest/roost", parent="nest", keyed=True)
    _the_record(commons)
    _people(commons)
    _a_routine_change(commons)
    _a_contested_change(commons)
    _a_stranger(commons)
    _two_at_once(commons)
    _another_charter(commons)
    _harm(commons)
    return tuple(commons.events)


def _the_record(commons: Assembly) -> None:
    commons.publish("spam")
    release = commons.release("scams", "2.1.0")
    commons.act(
        "ana",
        payloads.Imported(
            kind="git",
            source=commons.sha(),
            commits=(commons.oid(), release.commit),
            releases=(release,),
            original=(commons.oid(), commons.oid()),
            authors=("bo",),
        ),
        *commons.release_moves((release,), release.commit),
    )
    commons.run(release.content, "scams")
    scores = (payloads.ReportedScore(metric="recall", value="0.8"),)
    said = payloads.ScoresReported(slug="scams", content=release.content, source=commons.sha(), scores=scores)
    commons.act("ana", said)
    commons.act("ana", payloads.ClockConfirmed(last=commons.at - 400_000, now=commons.at))
    commons.act("ana", payloads.ChildFounded(name="nest/roost/kids", founding=commons.sha()))
    parent = payloads.ParentQuoted(
        parent="nest", seq=7, digest=commons.sha(), charter=commons.charter("circle@1")
    )
    commons.act("ana", parent)
    commons.act("ana", payloads.RegistryKeySet(public=public_key("the registry, moved")))


def _people(commons: Assembly) -> None:
    commons.join(*FRIENDS)
    commons.act("bo", payloads.AffiliationDeclared(affiliation="acme"))
    commons.act("bo", payloads.KeyAdded(public=public_key("bo")))
    commons.sign_with("bo", public_key("bo"))
    commons.act("bo", payloads.Witnessed())
    key = commons.state.people.members["bo"].keys[0].fingerprint
    commons.sign_with("bo", None)
    commons.act("bo", payloads.KeyRevoked(fingerprint=key))
    commons.wait(31 * 24)
    commons.amend(*CHARTERS["quick"])
    commons.act("joy", payloads.Applied(affiliation="youth"))
    for voucher in ("cy", "di"):
        commons.act(voucher, payloads.Vouched(member="joy"))
    commons.act("joy", payloads.Left())


def _a_routine_change(commons: Assembly) -> None:
    number = commons.propose("cy", commons.change("spam", "cases_added"))
    commons.act("di", payloads.Held(number=number, reason=commons.sha()))
    commons.approve(number, "ed")
    commons.wait(80)
    commons.act("di", payloads.Commented(number=number, text=commons.sha()))
    commons.enact(number)
    commons.undo("fi", number)
    text = commons.sha()
    again = commons.propose("di", commons.change("scams", "metadata"))
    commons.approve(again, "cy")
    commons.act("ed", payloads.Commented(number=again, text=text))
    commons.object("gu", again)
    commons.wait(5)
    erased = payloads.Redacted(ground="personal-data", authority="steward", kinds=("texts",), texts=(text,))
    commons.act("ana", erased, Move(ref=TEXTS, old=None, new=commons.oid()))
    assert commons.state.refs[RUNS]
    commons.give_up("di", again)


def _a_contested_change(commons: Assembly) -> None:
    number = commons.propose("ed", commons.change("spam"))
    commons.measure(
        number, commons.change("spam", head=commons.open(number).revision.changes[0].head), endpoint()
    )
    commons.revise("ed", number)
    commons.act(
        "gu",
        payloads.Reviewed(number=number, content=commons.open(number).content, verdict="request_changes"),
    )
    for who in ("ana", "cy", "di"):
        commons.act(who, payloads.VoteCalled(number=number))
    commons.wait(3)
    commons.vote(number, "yes", "ana", "bo", "cy", "di", "ed")
    commons.vote(number, "no", "gu", "ha")
    commons.vote(number, "abstain", "ira")
    commons.wait(6)
    commons.vote(number, "no", "fi")
    for who in ("gu", "ha", "ira"):
        commons.act(who, payloads.Challenged(number=number, reason=commons.sha()))
    commons.wait(25)
    commons.act("cy", payloads.AffiliationDeclared(affiliation="independent"))
    commons.act("ana", payloads.AffiliationDeclared(affiliation="independent"))
    for who in commons.open(number).panel[:2]:
        commons.act(who, payloads.Ruled(number=number, ruling="return", reason=commons.sha()))
    assert commons.stage(number) is Stage.REVIEW
    commons.wait(2200)


def _a_stranger(commons: Assembly) -> None:
    number = commons.propose("xo", commons.change("spam"))
    comment = commons.act("yu", payloads.Commented(number=number, text=commons.sha())).seq
    commons.act("cy", payloads.Adopted(number=number))
    commons.act("cy", payloads.Answered(number=number, comments=(comment,), text=commons.sha()))
    objection = commons.object("di", number)
    commons.act("di", payloads.ObjectionResolved(number=number, objection=objection))
    commons.approve(number, "ed")
    commons.wait(20)
    commons.enact(number)


def _two_at_once(commons: Assembly) -> None:
    first = commons.propose("fi", commons.change("scams", "cases_added"))
    second = commons.propose("gu", commons.change("scams", "cases_added"))
    for number in (first, second):
        commons.approve(number, "ha", "ira")
    commons.wait(5)
    commons.enact(first)
    assert commons.stage(second) is Stage.REVIEW


def _another_charter(commons: Assembly) -> None:
    sealed = commons.propose("ed", charter=commons.charter(*CHARTERS["sealed"]))
    commons.wait(3)
    commons.vote(sealed, "yes", "ana", "cy", "di", "ed", "fi")
    commons.wait(6)
    commons.enact(sealed)
    number = commons.propose("ha", charter=commons.charter(*CHARTERS["quick"]))
    commons.wait(3)
    commons.vote(number, "yes", "ana", "cy")
    commons.wait(100)


def _harm(commons: Assembly) -> None:
    for who in ("cy", "di"):
        commons.act(who, payloads.EmergencyCalled(slug="spam", version="1.0.0", reason=commons.sha()))
    commons.wait(50)
