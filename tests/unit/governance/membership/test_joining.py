"""How somebody becomes a member, by each way of joining, and how fast a commons may grow."""

from __future__ import annotations

from fractions import Fraction

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.agenda import ADMISSION
from governance.commons import Due
from governance.events import Draft
from governance.membership.joining import admission_due
from governance.membership.roll import belongs
from governance.registrar import REGISTRAR
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, solo, village
from tests.support.made import DAY, HOUR, public_key


def apply(commons: Assembly, *handles: str, affiliation: str = "independent") -> None:
    for handle in handles:
        commons.act(handle, payloads.Applied(affiliation=affiliation))


def vouch(commons: Assembly, member: str, *vouchers: str) -> None:
    for voucher in vouchers:
        commons.act(voucher, payloads.Vouched(member=member))


def is_member(commons: Assembly, handle: str) -> bool:
    return belongs(commons.state.people.members.get(handle))


def by_vote() -> Assembly:
    return circle({"membership.join": "by_vote"})


def test_by_invitation() -> None:
    """Whoever was invited is a member as soon as they apply, for whom they say that they act."""
    commons = solo()
    commons.act("ana", payloads.Invited(member="bo"))
    apply(commons, "bo", affiliation="acme")
    bo = commons.state.people.members["bo"]
    assert (bo.joined_at, bo.active_at, bo.affiliation) == (commons.at, commons.at, "acme")
    assert commons.state.people.count == 2
    assert "bo" not in commons.state.people.invited
    assert not commons.state.people.applicants


def test_not_invited() -> None:
    """Where one joins by invitation, nobody else applies."""
    assert refusal(lambda: apply(solo(), "eve")) == (
        "eve was not invited, and the charter asks for that (membership.join). "
        "Ask a member for an invitation."
    )


def test_invited_after_applying() -> None:
    """Somebody who waits from before is admitted once a member invites them, and not before."""
    commons = village(charter="open", overrides={"membership.join": "vouched"})
    apply(commons, "eve")
    commons.state = by_invitation(commons)
    commons.wait(100)
    assert not is_member(commons, "eve")
    commons.act("bo", payloads.Invited(member="eve"))
    assert is_member(commons, "eve")


def by_invitation(commons: Assembly) -> object:
    """The same commons after everybody agreed to ask for invitations."""
    number = commons.propose("bo", charter=commons.charter("circle@1"))
    commons.wait(3)
    commons.vote(number, "yes", "ana", "bo", "cy", "di", "ed", "fi", "gu", "ha", "ira")
    commons.enact(number)
    assert commons.state.charter_rules.membership.join == "invited"
    return commons.state


@pytest.mark.parametrize("who", ["bo", "registry"])
def test_nobody_invites(who: str) -> None:
    """A member need not be invited, and the registry cannot be."""
    expected = {
        "bo": "bo is a member already. Go on.",
        "registry": "registry is the registry itself. Choose another handle.",
    }
    commons = circle()
    assert refusal(lambda: commons.act("ana", payloads.Invited(member=who))) == expected[who]


def test_inviting_takes_a_member() -> None:
    """Nobody from outside lets others in."""
    commons = solo()
    assert refusal(lambda: commons.act("eve", payloads.Invited(member="mallory"))) == (
        "eve is not a member of roost. Apply to join it first."
    )


def test_open() -> None:
    """Where joining is open, applying is enough."""
    commons = village(charter="open")
    apply(commons, "joy")
    assert is_member(commons, "joy")


def test_twice() -> None:
    """One applies once, and a member does not apply."""
    commons = village()
    apply(commons, "joy")
    assert refusal(lambda: apply(commons, "joy")) == "joy has applied already. Wait to be admitted."
    assert refusal(lambda: apply(commons, "bo")) == "bo is a member already. Go on."


def test_vouched() -> None:
    """Enough members of different sides vouch, and the applicant is a member."""
    commons = village()
    apply(commons, "joy")
    vouch(commons, "joy", "bo")
    assert not is_member(commons, "joy")
    vouch(commons, "joy", "cy")
    assert is_member(commons, "joy")
    (admitted,) = [event.payload for event in commons.events[-1:]]
    assert admitted == payloads.Admitted(member="joy", by="vouched", due=commons.at)


def test_vouchers_of_one_organisation() -> None:
    """Two from one organisation count as one; each independent member counts."""
    commons = village(affiliations={"bo": "acme", "cy": "acme"})
    apply(commons, "joy")
    vouch(commons, "joy", "bo", "cy")
    assert not is_member(commons, "joy")
    vouch(commons, "joy", "di")
    assert is_member(commons, "joy")


def test_refused_vouches() -> None:
    """Nobody vouches twice, for whom does not ask, or without being there for long enough."""
    commons = village({"membership.tenure_before_vote_hours": 48})
    apply(commons, "joy", "kim")
    vouch(commons, "joy", "bo")
    assert refusal(lambda: vouch(commons, "joy", "bo")) == (
        "bo has vouched for joy already. Somebody else has to."
    )
    assert refusal(lambda: vouch(commons, "eve", "bo")) == "eve has not applied. Ask them to apply first."
    assert refusal(lambda: vouch(commons, "kim", "eve")) == (
        "eve is not a member of roost. Apply to join it first."
    )
    vouch(commons, "joy", "cy")
    assert refusal(lambda: vouch(commons, "kim", "joy")) == (
        "joy may not vote yet, and so may not vouch (membership.tenure_before_vote_hours). "
        "Wait until you may."
    )
    commons.wait(48)
    vouch(commons, "kim", "joy")


def test_by_vote_nobody_is_admitted_by_the_clock() -> None:
    """Where members are voted on, an applicant waits for the vote."""
    commons = by_vote()
    apply(commons, "joy")
    commons.wait(days=90)
    assert not is_member(commons, "joy")
    assert commons.state.agenda == ()


def admission(commons: Assembly) -> int:
    number = commons.propose_admission("bo", "joy")
    commons.vote(number, "yes", "ana", "bo", "cy")
    return number


def test_admitted_by_vote() -> None:
    """A vote that passes makes the applicant a member when it comes into force, place or no place."""
    commons = by_vote()
    apply(commons, "joy")
    number = admission(commons)
    commons.enact(number)
    assert commons.state.people.members["joy"].joined_at == commons.at
    assert commons.state.people.joins[-1] == commons.at
    assert not commons.state.people.applicants


@pytest.mark.parametrize("anew", [False, True])
def test_voted_on_and_gone(anew: bool) -> None:
    """Whoever withdraws is not admitted, and one who applies anew is another whom nobody voted on."""
    commons = by_vote()
    apply(commons, "joy")
    commons.wait(1)
    number = admission(commons)
    commons.wait(1)
    commons.act("joy", payloads.Left())
    if anew:
        apply(commons, "joy", affiliation="acme")
    commons.enact(number)
    assert not is_member(commons, "joy")
    assert ("joy" in commons.state.people.applicants) == anew


def test_voting_on_people_only_where_the_charter_says_so() -> None:
    """Nobody is voted on where people join another way, nor anybody who did not ask to."""
    commons = village()
    apply(commons, "joy")
    assert refusal(lambda: commons.propose_admission("bo", "joy")) == (
        "people join vouched here (membership.join). Nobody is voted on: let them apply."
    )
    assert refusal(lambda: by_vote().propose_admission("bo", "joy")) == (
        "joy has not applied. Ask them to apply."
    )


# How fast


def test_places() -> None:
    """Three may join within thirty days in any case; the next waits until the first of them is that old."""
    commons = village(charter="open")
    first = commons.at
    apply(commons, "joy", "kim")
    commons.wait(24)
    apply(commons, "lee", "max")
    assert [is_member(commons, who) for who in ("joy", "kim", "lee", "max")] == [True, True, True, False]
    assert commons.state.agenda == (Due(first + 30 * DAY, ADMISSION, "max"),)
    commons.wait(29 * 24 - 0.5)
    assert not is_member(commons, "max")
    commons.wait(0.5)
    assert is_member(commons, "max")
    assert commons.state.people.members["max"].joined_at == first + 30 * DAY


def test_a_share_of_many() -> None:
    """In a larger commons the share of its members counts, counted with those who join."""
    commons = village(
        {"membership.joins_min_per_30d": 1, "membership.max_join_share_per_30d": "2/5"}, charter="open"
    )
    apply(commons, *(f"new-{number}" for number in range(9)))
    # Two fifths of 13 are five, and so are two fifths of 14: a sixth would be more than that.
    assert (commons.state.people.count, len(commons.state.people.joins)) == (14, 5)


def test_the_queue_is_fair() -> None:
    """Whoever was ready first comes first, whatever their name."""
    commons = village(charter="open")
    apply(commons, "x1", "x2", "x3")
    commons.wait(1)
    apply(commons, "zoe", "adam")
    commons.wait(1)
    apply(commons, "bea")
    assert [handle for _, handle in commons.state.people.ready] == ["zoe", "adam", "bea"]


def test_slept_through() -> None:
    """Those who became due while nobody looked joined when they were due."""
    commons = village(charter="open")
    first = commons.at
    apply(commons, "x1", "x2", "x3", "zoe", "adam")
    commons.sleep(60 * 24).settle()
    members = commons.state.people.members
    assert (members["zoe"].joined_at, members["adam"].joined_at) == (first + 30 * DAY, first + 30 * DAY)


def test_a_place_that_comes_free_counts_from_then_on() -> None:
    """A charter with more places admits those who wait from its coming into force on, and not before."""
    commons = by_vote_with_queue()
    waited_since = commons.at
    commons.wait(100)
    number = commons.propose("bo", charter=commons.charter("circle@1", {"membership.join": "open"}))
    commons.wait(24)
    commons.vote(number, "yes", "ana", "bo", "cy")
    commons.enact(number)
    assert commons.state.people.members["joy"].joined_at == commons.at > waited_since


def by_vote_with_queue() -> Assembly:
    commons = by_vote()
    apply(commons, "joy")
    return commons


def test_not_before_their_turn() -> None:
    """An admission is recorded at its second and in its order, or refused."""
    commons = village(charter="open")
    apply(commons, "x1", "x2", "x3", "zoe", "adam")
    due = commons.state.agenda[0].at

    def admit(member: str, at: int, by: str = "open") -> Draft:
        payload = payloads.Admitted(member=member, by=by, due=at)
        return Draft(type="admitted", actor=REGISTRAR, payload=payload)

    remedy = " Wait for vouchers, or for the places that the charter gives in thirty days."
    assert refusal(lambda: commons._append(admit("zoe", due))) == (
        "the admission of zoe is not what is due." + remedy
    )
    commons.at = due + HOUR
    assert refusal(lambda: commons._append(admit("adam", due))) == (
        "the admission of adam is not what is due." + remedy
    )
    assert refusal(lambda: commons._append(admit("zoe", due + HOUR))) == (
        "the admission of zoe is not what is due." + remedy
    )
    assert refusal(lambda: commons._append(admit("zoe", due, by="invited"))) == (
        "people join open here. State that way of joining."
    )


def test_no_places_at_all() -> None:
    """A queue that nobody leaves is on no agenda."""
    commons = village(charter="open")
    apply(commons, "x1", "x2", "x3", "zoe")
    rules = commons.state.charter_rules.membership
    none = replace(rules, joins_min_per_30d=0, max_join_share_per_30d=Fraction(0))
    assert admission_due(commons.state.people, none) is None


# Coming back


def test_coming_back() -> None:
    """Who comes back goes on with their record: keys, counts and what they owe; their time begins anew."""
    commons = village(charter="open")
    commons.act("bo", payloads.KeyAdded(public=public_key("bo")))
    commons.propose("bo")
    before = commons.state.people.members["bo"]
    commons.act("bo", payloads.Left())
    commons.wait(5)
    apply(commons, "bo", affiliation="acme")
    after = commons.state.people.members["bo"]
    assert (after.keys, after.proposed, after.reviewed) == (before.keys, 1, 0)
    assert (after.joined_at, after.left_at, after.affiliation) == (commons.at, None, "acme")
    assert commons.state.people.count == 9
