"""The log reads as the minutes of a meeting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.minutes import sentence
from governance.payloads import Imported
from tests.unit.governance.history import after as placed
from tests.unit.governance.history import confirming, founding, history, importing, oid, release, state_after

SENTENCES = {
    "founded": "ana founded the commons roost under solo@1",
    "published": "ana published spam 1.0.0 (first release)",
    "imported": "ana imported scams 2.1.0 from a Git repository in 2 revisions",
    "run_recorded": "ana recorded run 000000000000 of lexical@1 on spam",
    "scores_reported": "ana noted 2 reported scores for spam",
    "redacted": "ana redacted cases; 2 revisions rewritten on the ground of personal-data",
    "clock_confirmed": "ana confirmed the clock after 100 hours",
    "child_founded": "ana founded the nested commons roost/teens",
}


def test_the_record() -> None:
    """Each type of the record says what happened, in one line of facts without a full stop."""
    assert {event.type: sentence(event) for event in history()} == SENTENCES


def test_nested() -> None:
    """The founding of a nested commons names its parent."""
    _, event = placed(None, founding(name="roost/teens", parent="roost"))
    assert sentence(event) == "ana founded the commons roost/teens within roost under solo@1"


@pytest.mark.parametrize(
    ("hours", "said"), [(0, "0 hours"), (1, "1 hour"), (25, "25 hours")], ids=["none", "one", "many"]
)
def test_counts(hours: int, said: str) -> None:
    """A count agrees with its noun."""
    state = state_after(founding())
    _, event = placed(state, confirming(last=0, now=hours * 3600))
    assert sentence(event) == f"ana confirmed the clock after {said}"


def test_many_policies() -> None:
    """An import of several policies gives their number and not their names."""
    state = state_after(founding())
    draft = importing(release("spam", "1.0.0", commit=2, tag=20), main=1, commits=(2,))
    _, event = placed(state, draft)
    assert sentence(event) == "ana imported spam 1.0.0 from a Git repository"
    said = event.payload
    assert isinstance(said, Imported)
    both = Imported(
        kind="library",
        source=said.source,
        commits=(oid(2),),
        releases=(*said.releases, release("scams", "1.0.0", commit=2, tag=21)),
    )
    assert sentence(replace(event, payload=both)) == "ana imported 2 policies from the starter library"
