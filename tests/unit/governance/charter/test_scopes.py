"""Which class an amendment is of."""

from __future__ import annotations

import pytest

from governance.charter.model import ChangeClass
from governance.charter.presets import CIRCLE, COMMONS, SOLO
from governance.charter.resolve import resolve
from governance.charter.schema import KEYS
from governance.charter.scopes import PROTECTED, changed_keys, class_of_amendment, is_protected
from governance.charter.values import Plain


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"class.policy.voting": 72}, "charter"),
        ({"class.charter.threshold": "1/2"}, "charter"),
        ({"membership.join": "open"}, "charter"),
        ({"groups.teens.delegates": ("a",)}, "charter"),
        ({"ballot.visibility": "sealed_until_close"}, "charter"),
        ({}, "charter"),
        ({"class.entrenched.threshold": "4/5"}, "entrenched"),
        ({"panel.size": 7}, "entrenched"),
        ({"panel.ruling_hours": 200}, "entrenched"),
        ({"nesting.locked": ("audit",)}, "entrenched"),
        ({"nesting.child_may": "keep"}, "entrenched"),
        ({"audit.checkpoint_hours": 48}, "entrenched"),
        ({"class.policy.voting": 72, "panel.size": 7}, "entrenched"),
    ],
)
def test_class_of_amendment(overrides: dict[str, Plain], expected: str) -> None:
    """A change of a protected key is of class entrenched, in company too; any other of class charter."""
    before, after = resolve(COMMONS, {}), resolve(COMMONS, overrides)
    assert class_of_amendment(before, after) is ChangeClass(expected)
    assert class_of_amendment(after, before) is ChangeClass(expected)
    assert changed_keys(before, after) == tuple(sorted(overrides, key=[*KEYS, *overrides].index))


def test_by_meaning() -> None:
    """The class follows from what the rules become, not from how the file says it."""
    same = resolve(COMMONS, {"panel.size": 5})
    assert changed_keys(resolve(COMMONS, {}), same) == ()
    assert class_of_amendment(resolve(SOLO, {}), resolve(CIRCLE, {})) is ChangeClass.ENTRENCHED
    assert class_of_amendment(resolve(CIRCLE, {}), resolve(COMMONS, {})) is ChangeClass.ENTRENCHED


def test_protected_names_exist() -> None:
    """Each protected name is a key or a table of keys, and the table that protects is among them."""
    assert all(any(key == name or key.startswith(f"{name}.") for key in KEYS) for name in PROTECTED)
    assert all(is_protected(key) for key in KEYS if key.startswith("class.entrenched."))
    assert not is_protected("panels")
