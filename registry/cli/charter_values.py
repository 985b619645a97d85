"""`KEY=VALUE` on a command line as keys and plain values of a charter. Touches nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any

from registry.services.errors import InputRefusedError


def parsed_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Values as TOML has them; a word needs no quotes here. Raises `InputRefusedError`.

    What a key may hold is looked at later, with the charter's own words.
    """
    parsed: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        key, value = key.strip(), value.strip()
        if not equals or not key or not value:
            raise InputRefusedError(
                f"--set {setting}", "it is no KEY=VALUE.", "Such as class.policy.voting=72."
            )
        if key in parsed:
            raise InputRefusedError(f"--set {key}", "it is set twice.", "Set it once.")
        parsed[key] = _value(value)
    return parsed


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
