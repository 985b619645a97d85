"""Stories of small communities: one founder, three friends, and going from one charter to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.charter.amendment import amend
from governance.charter.first_file import first_file
from governance.errors import RefusedError
from registry.services.amend import amend_charter
from registry.services.charters import charter_file, check_charter
from registry.services.deliberation import APPROVE, object_to, resolve, review
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.revisions import Draft
from registry.services.settling import settle
from registry.services.vote import vote
from tests.integration.stories.conftest import Recounted
from tests.support.circles import HOUR, agreed, circle, wording
from tests.support.histories import ManualClock, policy_files


def test_a_founder_alone_publishes_at_once(tmp_path: Path, clock: ManualClock, recounted: Recounted) -> None:
    """One act in the same second, without proposal, review or vote, as the charter says."""
    with found(tmp_path / "ana.git", founder="ana", name="~ana", clock=clock) as repository:
        made = publish(repository, "spam", policy_files("Spam"), actor="ana")
        state = repository.state()
        assert (made.release.version, state.at, state.proposed) == ("1.0.0", clock.at, 0)
        assert state.charter_rules.classes.policy.mode == "owner"
        with pytest.raises(RefusedError, match="bo is no owner of ~ana"):
            publish(repository, "scams", policy_files("Scams"), actor="bo")
        assert recounted(repository)["signatures"] == 2


def test_three_on_one_server_ratify_a_change_within_a_day(
    tmp_path: Path, clock: ManualClock, recounted: Recounted
) -> None:
    """From the founding to a change in force that two friends had a say in: less than a day."""
    founded_at = clock.at
    with circle(tmp_path / "roost.git", clock=clock) as repository:
        clock.at += HOUR
        number = propose(repository, wording("Adverts nobody asked for."), title="Adverts", actor="bo").number
        clock.at += HOUR
        review(repository, number, APPROVE, actor="cleo")
        object_to(repository, number, "Which adverts?", "Say that posts about events are none.", actor="ana")
        clock.at += HOUR
        resolve(repository, number, actor="ana")
        clock.at += 19 * HOUR + HOUR // 2
        settle(repository)
        ended = repository.state().ended[number]
        assert (ended.stage, ended.way) == ("enacted", "consent")
        assert clock.at - founded_at < 24 * HOUR
        assert repository.state().policies["spam"].latest.version == "1.0.1"
        assert recounted(repository)["proposals"] == 1


def test_all_three_agree_and_nobody_waits(tmp_path: Path, clock: ManualClock, recounted: Recounted) -> None:
    """When everybody on the roll stands behind a change, it is in force in the same second."""
    with circle(tmp_path / "roost.git", clock=clock) as repository:
        number = propose(repository, wording("Adverts."), title="Adverts", actor="bo").number
        review(repository, number, APPROVE, actor="cleo")
        review(repository, number, APPROVE, actor="ana")
        ended = repository.state().ended[number]
        assert (ended.stage, ended.way, ended.at) == ("enacted", "unanimous", clock.at)
        recounted(repository)


def test_handing_over_from_one_charter_to_the_next(
    tmp_path: Path, clock: ManualClock, recounted: Recounted
) -> None:
    """From a founder to a circle, and to an open community: no step comes by itself, and none early."""
    with found(tmp_path / "roost.git", founder="ana", name="roost", clock=clock) as repository:
        publish(repository, "spam", policy_files("Spam"), actor="ana")
        with pytest.raises(RefusedError, match=r"class\.policy\.quorum"):
            amend_charter(repository, first_file("circle@1"), actor="ana")
        handles = [f"member-{number}" for number in range(1, 12)]
        for handle in handles:
            invite(repository, handle, actor="ana")
            join(repository, actor=handle)
            clock.at += 31 * 24 * HOUR
        amend_charter(repository, first_file("circle@1"), actor="ana")
        with pytest.raises(RefusedError, match="decided together"):
            publish(repository, "spam", policy_files("Spam", "Adverts."), actor="ana")
        with pytest.raises(RefusedError, match="decided together"):
            amend_charter(repository, first_file("solo@1"), actor="ana")

        # Everybody acts once more, or they would not be on the roll; then the circle votes to open up.
        for author, reviewer in zip(handles[:6], handles[5:], strict=True):
            text = f"Adverts, as {author} puts it."
            agreed(repository, clock, wording(text), author=author, reviewer=reviewer)
        open_up = amend(charter_file(repository), {"preset": "commons@1"})
        checked = check_charter(repository, open_up)
        assert (str(checked.kind), checked.findings) == ("entrenched", ())
        raw = open_up.text.encode()
        number = propose(repository, Draft(charter=raw), title="Open up", actor="member-1").number
        clock.at += 73 * HOUR
        settle(repository)
        voters = repository.state().proposals[number].frozen
        assert voters is not None
        for handle in sorted(voters.roll):
            vote(repository, number, "yes", actor=handle)
        settle(repository)
        assert repository.state().preset == "commons@1"
        assert recounted(repository)["charters"] == 4


def test_a_charter_that_raises_its_own_threshold(
    tmp_path: Path, clock: ManualClock, recounted: Recounted
) -> None:
    """A vote that is enough by the old rule and not by the one that it brings does not bring it."""
    with circle(tmp_path / "roost.git", clock=clock) as repository:
        stricter = amend(charter_file(repository), {"class.charter.threshold": "3/4"})
        draft = Draft(charter=stricter.text.encode())
        number = propose(repository, draft, title="Three quarters", actor="ana").number
        clock.at += 25 * HOUR
        settle(repository)
        vote(repository, number, "yes", actor="ana")
        vote(repository, number, "yes", actor="bo")
        vote(repository, number, "no", actor="cleo")
        clock.at += 72 * HOUR
        settle(repository)
        # Two of three reach two thirds, the old threshold, and not three quarters, the new one.
        assert repository.state().ended[number].stage == "rejected"
        assert str(repository.state().charter_rules.classes.charter.threshold) == "2/3"

        again = propose(repository, draft, title="Three quarters", actor="ana").number
        clock.at += 25 * HOUR
        settle(repository)
        for handle in ("ana", "bo", "cleo"):
            vote(repository, again, "yes", actor=handle)
        assert str(repository.state().charter_rules.classes.charter.threshold) == "3/4"
        recounted(repository)
