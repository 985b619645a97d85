"""Ostrom's principles in words: all of them, counted from events that there are, true under every charter."""

from __future__ import annotations

import pytest

from governance.payloads import TYPES
from registry.web.principles import EVERY, PRINCIPLES
from tests.support.communities import circle, solo, village
from tests.unit.governance.test_readme import PRINCIPLES as MARKS


def test_all_of_them_stand_in_their_order() -> None:
    """The eight, three of them in halves, as in the table of governance/README.md."""
    assert [one.mark for one in PRINCIPLES] == MARKS


def test_what_is_counted_are_types_of_events() -> None:
    """Every count names types that the log has; a principle that nothing enforces counts none."""
    for one in PRINCIPLES:
        assert one.uses
        for _, _, types in one.uses:
            assert types == EVERY or set(types) <= set(TYPES)


@pytest.mark.parametrize("make", [solo, circle, village])
def test_nothing_is_promised_that_a_charter_does_not_have(make: type) -> None:
    """Sanctions are enforced nowhere yet; an owner alone has neither shared work nor panels."""
    state = make().state
    enforced = {one.mark: list(one.enforced(state)) for one in PRINCIPLES}
    assert enforced["5"] == []
    alone = make is solo
    assert (enforced["2B"] == []) is alone
    assert any("alone" in said for said in enforced["3"]) is alone
    assert any("panel" in said for said in enforced["6"]) is (make is village)
