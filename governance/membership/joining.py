"""How somebody becomes a member: invited, applying, vouched for, admitted (principle 1A). Pure.

Whoever meets what the charter asks for waits in one queue, and is admitted as fast as the charter lets a
commons grow: a burst of new accounts before a vote gains nothing. Who is admitted by a vote takes a place,
but does not wait for one: the voters have said so.
"""

from __future__ import annotations

from bisect import insort
from fractions import Fraction
from operator import itemgetter

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.charter.model import Join, Membership
from governance.commons import Commons
from governance.events import Event
from governance.membership.affiliation import counted_by_affiliation, counts_for, declared
from governance.membership.roll import HOUR, belongs, can_act
from governance.membership.state import Applicant, Member, People, Voucher
from governance.registrar import REGISTRAR

WINDOW = 30 * 24 * HOUR
"""The time over which joins are counted, in seconds."""


def invited(state: Commons, event: Event, said: payloads.Invited) -> Commons:
    """A member asks somebody in, who may have applied before."""
    people, rules = state.people, state.charter_rules.membership
    _refuse_known(people, said.member)
    acting_member(state, event)
    people = replace(people, invited=people.invited.set(said.member, event.actor))
    applicant = people.applicants.get(said.member)
    if applicant is not None:
        people = _queued(people, rules, applicant, event.at)
    return replace(state, people=people)


def applied(state: Commons, event: Event, said: payloads.Applied) -> Commons:
    """Somebody asks to be let in."""
    people, rules = state.people, state.charter_rules.membership
    _refuse_known(people, event.actor)
    refuse_unless(
        event.actor not in people.applicants, f"{event.actor} has applied already.", "Wait to be admitted."
    )
    refuse_unless(
        rules.join is not Join.INVITED or event.actor in people.invited,
        f"{event.actor} was not invited, and the charter asks for that (membership.join).",
        "Ask a member for an invitation.",
    )
    applicant = Applicant(handle=event.actor, at=event.at, affiliation=said.affiliation)
    people = replace(people, applicants=people.applicants.set(event.actor, applicant))
    return replace(state, people=_queued(people, rules, applicant, event.at))


def vouched(state: Commons, event: Event, said: payloads.Vouched) -> Commons:
    """A member vouches for an applicant."""
    people, rules = state.people, state.charter_rules.membership
    applicant = people.applicants.get(said.member)
    refuse_unless(applicant is not None, f"{said.member} has not applied.", "Ask them to apply first.")
    assert applicant is not None
    voucher = acting_member(state, event)
    refuse_unless(
        can_act(voucher, rules, event.at),
        f"{event.actor} may not vote yet, and so may not vouch (membership.tenure_before_vote_hours).",
        "Wait until you may.",
    )
    refuse_unless(
        all(known.handle != event.actor for known in applicant.vouchers),
        f"{event.actor} has vouched for {said.member} already.",
        "Somebody else has to.",
    )
    vouching = Voucher(event.actor, counts_for(voucher, event.at))
    applicant = replace(applicant, vouchers=(*applicant.vouchers, vouching))
    people = replace(people, applicants=people.applicants.set(said.member, applicant))
    return replace(state, people=_queued(people, rules, applicant, event.at))


def admitted(state: Commons, _event: Event, said: payloads.Admitted) -> Commons:
    """The first of those who wait becomes a member. That it is their turn was checked (`stepping.py`)."""
    people, rules = state.people, state.charter_rules.membership
    refuse_unless(said.by == rules.join, f"people join {rules.join} here.", "State that way of joining.")
    return replace(state, people=taken_in(people, people.applicants[said.member], said.due))


def taken_in(people: People, applicant: Applicant, at: int) -> People:
    """The applicant as a member from this second on; who comes back goes on with their own record."""
    handle = applicant.handle
    known = people.members.get(handle) or Member(handle=handle, joined_at=at, active_at=at, affiliated_at=at)
    member = declared(replace(known, joined_at=at, active_at=at, left_at=None), applicant.affiliation, at)
    invited = people.invited.delete(handle) if handle in people.invited else people.invited
    return replace(
        people,
        members=people.members.set(handle, member),
        present=people.present.set(handle, at),
        applicants=people.applicants.delete(handle),
        invited=invited,
        ready=tuple(entry for entry in people.ready if entry[1] != handle),
        joins=(*(then for then in people.joins if then > at - WINDOW), at),
    )


def queued_anew(people: People, rules: Membership, at: int) -> People:
    """The queue under other rules: those who meet them now, in the order in which they applied."""
    people = replace(people, ready=())
    for applicant in sorted(people.applicants.values(), key=lambda one: (one.at, one.handle)):
        people = _queued(people, rules, applicant, at)
    return people


def admission_due(people: People, rules: Membership) -> int | None:
    """When there is a place for the first in the queue; None while nobody waits, or for good."""
    if not people.ready:
        return None
    places = places_in_window(people, rules)
    if len(people.joins) < places:
        return people.ready[0][0]
    if places == 0:
        return None
    return max(people.ready[0][0], people.joins[len(people.joins) - places] + WINDOW)


def places_in_window(people: People, rules: Membership) -> int:
    """How many may join within thirty days: a share of the members, and never fewer than the first few."""
    share: Fraction = rules.max_join_share_per_30d
    return max(rules.joins_min_per_30d, people.count * share.numerator // share.denominator)


def acting_member(state: Commons, event: Event) -> Member:
    """The member who acts. Raises `RefusedError` for everybody else."""
    member = state.people.members.get(event.actor)
    refuse_unless(
        belongs(member), f"{event.actor} is not a member of {state.name}.", "Apply to join it first."
    )
    assert member is not None
    return member


def _queued(people: People, rules: Membership, applicant: Applicant, at: int) -> People:
    if not _meets(people, applicant, rules):
        return people
    if any(handle == applicant.handle for _, handle in people.ready):
        return people
    ready = list(people.ready)
    insort(ready, (at, applicant.handle), key=itemgetter(0))
    return replace(people, ready=tuple(ready))


def _meets(people: People, applicant: Applicant, rules: Membership) -> bool:
    if rules.join is Join.VOUCHED:
        vouchers = (voucher.affiliation for voucher in applicant.vouchers)
        return counted_by_affiliation(vouchers, 1) >= rules.vouches_required
    if rules.join is Join.INVITED:
        return applicant.handle in people.invited
    return rules.join is Join.OPEN


def _refuse_known(people: People, handle: str) -> None:
    refuse_unless(handle != REGISTRAR, f"{REGISTRAR} is the registry itself.", "Choose another handle.")
    refuse_unless(not belongs(people.members.get(handle)), f"{handle} is a member already.", "Go on.")
