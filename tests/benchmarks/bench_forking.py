"""Forking a policy with the button of its page: into one's own commons, and into one founded for it."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

from registry.services.found import found
from registry.services.importing import import_folders
from tests.benchmarks.measure import Line, seconds
from tests.benchmarks.servers import our_server
from tests.support.histories import policy_files
from tests.support.people import Person

POLICIES, FIRST = 40, 10
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


def run(folder: Path) -> list[Line]:
    """One commons with some policies; people who fork them, one press of the button at a time."""
    root, slugs = folder / "served", [f"policy-{number:02}" for number in range(POLICIES)]
    root.mkdir()
    with found(root / "roost.git", founder="ana", name="roost") as repository:
        import_folders(
            repository, {slug: policy_files(slug.title()) for slug in slugs}, actor="ana", kind="folder"
        )
    first: list[float] = []
    later: list[float] = []
    with our_server(root, "--sign-up", "open") as ours:
        for number in range(FIRST):
            with Person(ours, f"person-{number}") as person:
                person.sign_up()
                first.append(_pressed(person, slugs[0]))
                if number == 0:
                    later = [_pressed(person, slug) for slug in slugs[1:]]
    founding, forking = statistics.median(first) * 1000, statistics.median(later) * 1000
    return [
        Line("forking with the button, p50", f"{forking:.0f} ms", "< 50 ms", forking < 50),
        Line("a first fork, for which one's own commons is founded, p50", f"{founding:.0f} ms", "reported"),
    ]


def _pressed(person: Person, slug: str) -> float:
    """Seconds from the press to the answer; reading the page before it does not count."""
    shown = _CSRF.search(person.get(f"/roost/{slug}").text)
    assert shown is not None

    def press() -> None:
        answer = person.client.post(f"/roost/{slug}/fork", data={"csrf": shown[1]})
        assert answer.status_code == 303, answer.text

    return seconds(press)
