"""A commons in which every act is somebody's to do right now, and accounts for everybody who might.

bo proposed everything but one; ana, cy, di, ed and gu belong as well, hal has left, kim was asked in, and
stan is a stranger.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from governance.charter.amendment import amend
from registry.accounts.accounts import Accounts, open_accounts
from registry.accounts.invitations import invite as invitation
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.accounts.sign_up import create
from registry.accounts.tokens import create as make_token
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.commenting import comment
from registry.services.deliberation import APPROVE, challenge, object_to, review
from registry.services.found import found
from registry.services.membership import invite, join, leave
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.revisions import Draft
from registry.services.settling import settle
from registry.store.repository import Repository
from tests.support.accounts import CHEAP
from tests.support.histories import ManualClock, policy_files

HOUR = 3_600
PEOPLE = ("ana", "bo", "cy", "di", "ed", "gu", "hal", "kim", "stan")
SLUGS = ("spam", "raffles", "polls", "adverts", "chains")
_RULES = {
    "preset": "circle@1",
    "class.policy.challenge": 240,
    "class.policy.stay": 2,
    "class.policy.voting": 720,
    "class.policy.call_vote": 3,
    "attention.open_proposals_per_member": 40,
    "panel.size": 3,
    "panel.quorum": 2,
    "panel.ruling_hours": 480,
    "emergency.actors": 2,
}


class Hamlet(NamedTuple):
    """Where it is, and the numbers of its proposals by what can be done about them."""

    root: Path
    numbers: dict[str, int]


def edited(text: str = "Promotion of any kind, raffles included.", title: str = "Spam") -> dict[str, bytes]:
    """A policy's files with another wording."""
    return policy_files(title, text)


def hamlet(root: Path) -> Hamlet:
    """Founds `roost`, and `nest` where kim asks to be let in and needs somebody who vouches."""
    # What happened long ago is settled by now, and what is open stays open for days.
    clock = ManualClock(int(time.time()) - 60 * HOUR)
    numbers: dict[str, int] = {}
    with found(root / "roost.git", founder="ana", name="roost", clock=clock) as roost:
        for slug in SLUGS:
            publish(roost, slug, policy_files(slug.capitalize()), actor="ana")
        for handle in ("bo", "cy", "di", "ed", "gu", "hal"):
            invite(roost, handle, actor="ana")
            join(roost, actor=handle)
        amend_charter(roost, amend(charter_file(roost), _RULES).text.encode(), actor="ana")
        invite(roost, "kim", actor="ana")
        leave(roost, actor="hal")
        numbers["undo"] = _taken(roost, "chains")
        numbers["rule"], numbers["challenge"] = _wording(roost, "raffles"), _wording(roost, "polls")
        numbers["vote"] = _wording(roost, "adverts")
        for name in ("rule", "challenge"):
            review(roost, numbers[name], APPROVE, actor="cy")
        review(roost, numbers["vote"], APPROVE, actor="cy")
        object_to(roost, numbers["vote"], "Too wide.", "Name what is meant.", actor="di")
        _wait(roost, clock, 21)
        for handle in ("di", "gu"):
            challenge(roost, numbers["rule"], "Nobody saw this.", actor=handle)
        _wait(roost, clock, 25)
        comment(roost, numbers["rule"], "Let us see.", actor="ed")
        for name in ("review", "comment", "hold", "object", "resolve", "call", "give up", "revise", "answer"):
            numbers[name] = _wording(roost, "spam", name)
        object_to(roost, numbers["resolve"], "Too wide.", "Name what is meant.", actor="cy")
        comment(roost, numbers["answer"], "And my shop?", actor="stan")
        numbers["adopt"] = _wording(roost, "spam", "adopt", actor="stan")
        # Of another host's clock, which is none of the next one's business.
        roost.paths.clock.unlink()
    with found(root / "nest.git", founder="ana", name="nest", clock=clock) as nest:
        for handle in ("bo", "cy"):
            invite(nest, handle, actor="ana")
            join(nest, actor=handle)
        rules = {"membership.join": "vouched", "membership.vouches_required": 2}
        amend_charter(nest, amend(charter_file(nest), rules).text.encode(), actor="ana")
        join(nest, actor="kim")
        nest.paths.clock.unlink()
    return Hamlet(root, numbers)


def tokens(place: PrivatePlace, people: Iterable[str] = PEOPLE) -> dict[str, dict[Scope, str]]:
    """An account for each, as an operator makes it, with a token for each scope alone."""
    accounts: Accounts = open_accounts(place, cost=CHEAP)
    try:
        return {handle: _tokens(accounts, handle) for handle in people}
    finally:
        accounts.close()


def invited(place: PrivatePlace, people: Iterable[str] = PEOPLE) -> dict[str, str]:
    """An invitation for each, since their handles stand in a log: with it they sign up."""
    accounts: Accounts = open_accounts(place, cost=CHEAP)
    try:
        return {handle: invitation(accounts, handle) for handle in people}
    finally:
        accounts.close()


def _tokens(accounts: Accounts, handle: str) -> dict[Scope, str]:
    create(accounts, handle, in_use=(), vouched=True)
    return {scope: make_token(accounts, handle, scope, {scope}, days=1).secret for scope in Scope}


def _wording(repository: Repository, slug: str, why: str = "any", *, actor: str = "bo") -> int:
    files = edited(f"Promotion of {why} kind.", slug.capitalize())
    return propose(repository, Draft(folders={slug: files}), title=f"To {why}", actor=actor).number


def _taken(repository: Repository, slug: str) -> int:
    """In force without a vote, since it changes nothing that a policy says."""
    files = policy_files(slug.capitalize())
    files["policy.md"] = files["policy.md"].replace(b"for a small platform", b"for a platform")
    return propose(repository, Draft(folders={slug: files}), title="A summary", actor="bo").number


def _wait(repository: Repository, clock: ManualClock, hours: int) -> None:
    clock.at += hours * HOUR
    settle(repository)
