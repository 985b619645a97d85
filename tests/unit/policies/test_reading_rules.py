"""The rules that reading enforces."""

from __future__ import annotations

from policies import reading_rules
from policies.reading_rules import READING_RULES


def test_every_rule_is_explained_under_its_id() -> None:
    """Each id that the readers use has a title and a reason."""
    ids = {value for name, value in vars(reading_rules).items() if name.isupper() and isinstance(value, str)}
    assert ids == set(READING_RULES)
    assert all(
        rule.id == key and rule.title and rule.why.endswith(".") for key, rule in READING_RULES.items()
    )
