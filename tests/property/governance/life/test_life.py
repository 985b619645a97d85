"""Random lives of a commons: whatever its members do in whatever order, the invariants of the design hold."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import invariant

from governance import payloads
from governance.commons import Commons
from governance.events import decode_event, encode_event
from governance.replay import fold
from tests.property.governance.life.checks import check_event, check_state
from tests.property.governance.life.deciding import Deciding
from tests.property.governance.life.what_if import (
    check_another_no,
    check_joining_after_opening,
    check_nothing_is_stuck,
    check_sleeping,
)
from tests.support.recount import Recount


class Life(Deciding):
    """Everything that people may do, with a second reader who looks over their shoulder."""

    def __init__(self) -> None:
        super().__init__()
        self.checked = 1
        self.recount = Recount()
        self.recount.read(self.commons.events[0])

    @invariant()
    def holds(self) -> None:
        """What must hold after every event, and of the state as it is."""
        commons = self.commons
        while self.checked < len(commons.events):
            event = commons.events[self.checked]
            before, after = commons.states[self.checked - 1 : self.checked + 1]
            check_event(before, after, event)
            self._recount(before, after)
            if isinstance(event.payload, payloads.VotingClosed):
                check_another_no(commons, self.checked)
            if isinstance(event.payload, payloads.VotingOpened | payloads.CommentOpened):
                check_joining_after_opening(commons, self.checked)
            self.checked += 1
        check_state(commons.state)

    def _recount(self, before: Commons, after: Commons) -> None:
        event = self.commons.events[self.checked]
        self.recount.read(event)
        said = event.payload
        if isinstance(said, payloads.Enacted):
            who = before.proposals[said.number].admission
            if who and who in before.people.applicants and who not in after.people.applicants:
                self.recount.admit(who, event.at)

    def teardown(self) -> None:
        """At the end: the log reads back and folds to the same, sleep changed nothing, nothing is stuck."""
        commons = self.commons
        read = [decode_event(encode_event(event)) for event in commons.events]
        assert read == commons.events
        assert fold(read) == commons.state
        check_sleeping(commons)
        check_nothing_is_stuck(commons)


TestLife = Life.TestCase
TestLife.settings = settings(
    settings.default, max_examples=settings.default.max_examples // 2, stateful_step_count=50
)
