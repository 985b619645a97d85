"""A town in the middle of a vote, with an account and a token for everybody who may cast a ballot."""

from __future__ import annotations

import time
from pathlib import Path

from governance.charter.amendment import amend
from governance.proposals.state import Stage
from registry.accounts import tokens
from registry.accounts.accounts import open_accounts
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.accounts.sign_up import create
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.deliberation import APPROVE, object_to, review
from registry.services.found import found
from registry.services.membership import join
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.settling import settle
from registry.store.clock import SystemClock, confirm_checkpoint
from tests.support.circles import HOUR, wording
from tests.support.histories import ManualClock, policy_files

NAME, NUMBER = "town", 1
"""The commons, and the proposal that is voted on in it."""

_DAY = 24 * HOUR


def people(count: int) -> list[str]:
    """The members' handles, ana's first."""
    return ["ana", *(f"person-{number:04d}" for number in range(count - 1))]


def make_voting_town(path: Path, count: int) -> None:
    """Founded four weeks ago; so many members, and the vote on a change of its policy `spam` is open now."""
    clock = ManualClock(int(time.time()) - 28 * _DAY)
    _, *others = people(count)
    with found(path, founder="ana", name=NAME, clock=clock) as town:
        publish(town, "spam", policy_files("Spam"), actor="ana")
        door = {"membership.join": "open", "membership.joins_min_per_30d": count}
        amend_charter(town, amend(charter_file(town), door).text.encode(), actor="ana")
        for handle in others:
            join(town, actor=handle)
        clock.at += 15 * _DAY
        rules = amend(charter_file(town), {"preset": "commons@1"} | dict.fromkeys(door))
        amend_charter(town, rules.text.encode(), actor="ana")
        assert propose(town, wording("Adverts."), title="Adverts", actor=others[0]).number == NUMBER
        for handle in others[1:3]:
            review(town, NUMBER, APPROVE, actor=handle)
        clock.at += 4 * _DAY
        settle(town)
        object_to(town, NUMBER, "Clubs live by posters.", "Leave events out.", actor=others[4])
        clock.at += 7 * _DAY
        settle(town)
        assert town.state().proposals[NUMBER].stage is Stage.VOTING
        # The two days until now are this host's own: an operator would say so.
        confirm_checkpoint(town.paths.clock, SystemClock())


def make_tokens(private: Path, handles: list[str], *scopes: Scope) -> dict[str, str]:
    """An account for each handle, and its token's secret."""
    accounts = open_accounts(PrivatePlace(path=private))
    try:
        made = {}
        for handle in handles:
            create(accounts, handle, in_use=())
            made[handle] = tokens.create(accounts, handle, "a program", scopes, days=1).secret
        return made
    finally:
        accounts.close()
