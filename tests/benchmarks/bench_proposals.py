"""The page of a proposal that many people talk about and vote on, warm and made anew."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from governance.charter.amendment import amend
from governance.proposals.state import Stage
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.commenting import comment
from registry.services.deliberation import APPROVE, object_to, review
from registry.services.found import found
from registry.services.membership import join
from registry.services.places import read_spot
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.settling import settle
from registry.services.vote import vote
from tests.benchmarks.measure import Line, spread
from tests.benchmarks.servers import our_server
from tests.support.circles import HOUR, wording
from tests.support.histories import ManualClock, policy_files

BALLOTS, COMMENTS = 1_000, 500
ASKED, ANEW = 400, 60
_DAY = 24 * HOUR
_PAGE = "/town/proposals/1"


def run(folder: Path) -> list[Line]:
    """A town of a thousand voters, and a server over it."""
    root = folder / "served"
    root.mkdir()
    _make(root / "town.git")
    with our_server(root) as ours, httpx.Client(base_url=ours, timeout=60) as client:
        said = client.get(f"/api/v1/commons{_PAGE}").json()
        assert (said["ballots_cast"], len(said["happened"])) == (BALLOTS, COMMENTS)
        size = len(client.get(_PAGE).raise_for_status().content)
        warm = spread(lambda: client.get(_PAGE).raise_for_status(), ASKED)
        numbers = iter(range(ANEW))
        anew = spread(lambda: client.get(f"{_PAGE}?n={next(numbers)}").raise_for_status(), ANEW)
    about = f"a proposal's page with {COMMENTS} comments and {BALLOTS:,} ballots ({size / 1024:.0f} KiB)"
    return [
        Line(f"{about}, p95", f"{warm.p95:.1f} ms", "< 60 ms", warm.p95 < 60),
        Line("the same made anew, p95", f"{anew.p95:.1f} ms", "< 60 ms", anew.p95 < 60),
    ]


def _make(path: Path) -> None:
    """Founded four weeks ago; the vote is open now."""
    clock = ManualClock(int(time.time()) - 28 * _DAY)
    people = [f"person-{number:04d}" for number in range(BALLOTS - 1)]
    with found(path, founder="ana", name="town", clock=clock) as town:
        publish(town, "spam", policy_files("Spam"), actor="ana")
        door = {"membership.join": "open", "membership.joins_min_per_30d": 1_000}
        amend_charter(town, amend(charter_file(town), door).text.encode(), actor="ana")
        for handle in people:
            join(town, actor=handle)
        clock.at += 15 * _DAY
        rules = amend(charter_file(town), {"preset": "commons@1"} | dict.fromkeys(door))
        amend_charter(town, rules.text.encode(), actor="ana")
        number = propose(town, wording("Adverts."), title="Adverts", actor=people[0]).number
        for handle in people[1:3]:
            review(town, number, APPROVE, actor=handle)
        clock.at += 4 * _DAY
        settle(town)
        object_to(town, number, "Clubs live by posters.", "Leave events out.", actor=people[4])
        clock.at += 7 * _DAY
        settle(town)
        assert town.state().proposals[number].stage is Stage.VOTING
        for place, handle in enumerate(["ana", *people]):
            vote(town, number, "yes" if place % 3 else "no", actor=handle)
        for place in range(COMMENTS):
            # Half of them are on lines, with an edit of these.
            at = read_spot(f"policies/spam/policy.md:{14 + place % 10}") if place % 2 else None
            edit = f"Say {place} instead." if at else None
            said = f"What of case {place}? " * 20
            comment(town, number, said, actor=people[place], spot=at, suggestion=edit)
