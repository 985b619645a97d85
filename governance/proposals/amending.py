"""What a charter is held to before it is proposed, and before it comes into force (principle 3). Pure."""

from __future__ import annotations

from governance.commons import Commons
from governance.payloads import CharterText
from governance.rules import RulesInForce


def unfit_charter(state: Commons, text: CharterText, at: int) -> str | None:
    return None


def refuse_unfit_charter(state: Commons, text: CharterText, at: int) -> None:
    pass


def refuse_unfit_founding(rules: RulesInForce, bounds: str, founder: str) -> None:
    pass
