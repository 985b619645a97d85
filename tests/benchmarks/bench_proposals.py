"""The page of a proposal that many people talk about and vote on, warm and made anew."""

from __future__ import annotations

from pathlib import Path

import httpx

from registry.services.commenting import comment
from registry.services.opening import open_commons
from registry.services.places import read_spot
from registry.services.vote import vote
from tests.benchmarks.measure import Line, spread
from tests.benchmarks.servers import our_server
from tests.support.voting import NUMBER, make_voting_town, people

BALLOTS, COMMENTS = 1_000, 500
ASKED, ANEW = 400, 60
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
    """Everybody has voted, and many have said something."""
    make_voting_town(path, BALLOTS)
    handles = people(BALLOTS)
    with open_commons(path) as town:
        for place, handle in enumerate(handles):
            vote(town, NUMBER, "yes" if place % 3 else "no", actor=handle)
        for place in range(COMMENTS):
            # Half of them are on lines, with an edit of these.
            at = read_spot(f"policies/spam/policy.md:{14 + place % 10}") if place % 2 else None
            edit = f"Say {place} instead." if at else None
            said = f"What of case {place}? " * 20
            comment(town, NUMBER, said, actor=handles[1 + place], spot=at, suggestion=edit)
