"""A story of an open community: thirty people contest a change, vote on it, and challenge the outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.charter.amendment import amend
from governance.errors import RefusedError
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.commenting import answer, comment
from registry.services.deliberation import APPROVE, challenge, object_to, review, rule
from registry.services.explaining import explain_proposal
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.settling import settle
from registry.services.vote import vote
from registry.store.repository import Repository
from tests.integration.stories.conftest import Recounted
from tests.support.circles import HOUR, wording
from tests.support.histories import ManualClock, policy_files

DAY = 24 * HOUR
PEOPLE = [f"person-{number:02d}" for number in range(2, 31)]


@pytest.fixture
def town(tmp_path: Path, clock: ManualClock) -> Repository:
    """Thirty people under `commons@1`, all of them long enough there to vote."""
    repository = found(tmp_path / "town.git", founder="person-01", name="town", clock=clock)
    publish(repository, "spam", policy_files("Spam"), actor="person-01")
    open_door = amend(charter_file(repository), {"membership.joins_min_per_30d": 40})
    amend_charter(repository, open_door.text.encode(), actor="person-01")
    for handle in PEOPLE:
        invite(repository, handle, actor="person-01")
        join(repository, actor=handle)
    clock.at += 15 * DAY
    settled_down = amend(
        charter_file(repository), {"preset": "commons@1", "membership.joins_min_per_30d": None}
    )
    amend_charter(repository, settled_down.text.encode(), actor="person-01")
    return repository


def test_contested_to_a_vote_and_a_stay(town: Repository, clock: ManualClock, recounted: Recounted) -> None:
    """Reviews, a stranger's question, an objection, a vote, a challenge, a panel, a ruling; in force."""
    with town as repository:
        draft = wording("Promotion of any kind, events of clubs included.")
        number = propose(repository, draft, title="Clubs too", actor="person-02").number
        comment(repository, number, "Does this cover our choir's posters?", actor="choir")
        review(repository, number, APPROVE, actor="person-03")
        review(repository, number, APPROVE, actor="person-04")
        clock.at += 4 * DAY
        settle(repository)
        assert repository.state().proposals[number].stage == "review"
        answer(repository, number, (), "It would. That is what we have to talk about.", actor="person-02")
        assert repository.state().proposals[number].stage == "comment"

        object_to(repository, number, "Clubs live by their posters.", "Leave events out.", actor="person-05")
        clock.at += 7 * DAY
        settle(repository)
        frozen = repository.state().proposals[number].frozen
        assert frozen is not None
        assert (repository.state().proposals[number].stage, len(frozen.roll)) == ("voting", 30)
        for handle in PEOPLE[:12]:
            vote(repository, number, "yes", actor=handle)
        for handle in PEOPLE[12:20]:
            vote(repository, number, "no", actor=handle)
        vote(repository, number, "abstain", actor=PEOPLE[20])
        with pytest.raises(RefusedError, match="was not on the roll"):
            vote(repository, number, "no", actor="choir")
        clock.at += 7 * DAY
        settle(repository)
        # 3/2 times the square root of 30 is 8.2, so nine approvals; twelve of twenty are more than half.
        explained = explain_proposal(repository, number)
        assert explained.counted is not None
        assert (explained.counted.tally.yes, explained.counted.tally.no) == (12, 8)
        assert [line.holds for line in explained.counted.lines] == [True, True]
        assert "9 are needed" in explained.counted.lines[0].says
        assert explained.proposal.stage == "accepted"

        for handle in PEOPLE[12:15]:
            challenge(repository, number, "Two clubs were never told.", actor=handle)
        assert repository.state().proposals[number].stage == "stayed"
        clock.at += DAY
        # The lot is drawn from the challenge and from the first act of somebody uninvolved a day later.
        bystander = next(handle for handle in PEOPLE[20:])
        comment(repository, number, "I only want to know how this works.", actor=bystander)
        panel = repository.state().proposals[number].panel
        assert len(panel) == 5
        assert not set(panel) & {"person-02", *PEOPLE[12:15]}
        for handle in panel[:3]:
            rule(repository, number, "uphold", "They were told, on the page and by mail.", actor=handle)
        ended = repository.state().ended[number]
        assert (ended.stage, ended.way) == ("enacted", "vote")
        assert repository.state().policies["spam"].latest.version == "1.0.1"
        counts = recounted(repository)
        assert counts["signatures"] == counts["log"]


def test_a_panel_may_void(town: Repository, clock: ManualClock, recounted: Recounted) -> None:
    """A panel that voids an acceptance ends the proposal, and main stays as it was."""
    with town as repository:
        number = propose(repository, wording("Everything."), title="All of it", actor="person-02").number
        review(repository, number, APPROVE, actor="person-03")
        review(repository, number, APPROVE, actor="person-04")
        clock.at += 3 * DAY
        settle(repository)
        clock.at += 7 * DAY
        settle(repository)
        assert repository.state().proposals[number].stage == "accepted"
        for handle in PEOPLE[5:8]:
            challenge(repository, number, "Nobody saw this.", actor=handle)
        clock.at += DAY
        comment(repository, number, "Let us see.", actor="person-30")
        for handle in repository.state().proposals[number].panel[:3]:
            rule(repository, number, "void", "It flags everything.", actor=handle)
        assert repository.state().ended[number].stage == "voided"
        assert repository.state().policies["spam"].latest.version == "1.0.0"
        recounted(repository)
