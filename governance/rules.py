"""The charter in force as the state holds it, and as typed rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from governance.charter.errors import InvalidCharterError
from governance.charter.model import Charter
from governance.charter.resolve import resolve
from governance.charter.values import Overrides, Plain
from governance.errors import RefusedError
from governance.payloads import CharterText

_encode = msgspec.json.Encoder(order="sorted").encode


class RulesInForce(msgspec.Struct, frozen=True, gc=False):
    """A charter: the blob of its file, and what it says as preset and canonical JSON of its overrides."""

    blob: str
    preset: str
    overrides: str = "{}"

    @property
    def charter(self) -> Charter:
        """The rules with their types."""
        return _resolved(self.preset, self.overrides)


def rules_of(text: CharterText) -> RulesInForce:
    """What a charter's facts say. Raises `RefusedError` for what is no charter."""
    overrides = _encode(text.overrides).decode()
    try:
        _resolved(text.preset, overrides)
    except InvalidCharterError as error:
        raise RefusedError(f"the charter is none: {error.key}: {error.rule}", error.remedy) from None
    return RulesInForce(text.blob, text.preset, overrides)


def facts_of(blob: str, preset: str, overrides: Mapping[str, Plain]) -> CharterText:
    """A charter that was read from its file, as an event states it."""
    return CharterText(blob=blob, preset=preset, overrides=msgspec.convert(overrides, Overrides))


def text_of(rules: RulesInForce) -> CharterText:
    """The charter as an event states it."""
    return CharterText(blob=rules.blob, preset=rules.preset, overrides=msgspec.json.decode(rules.overrides))


@lru_cache(maxsize=256)
def _resolved(preset: str, overrides: str) -> Charter:
    return resolve(preset, msgspec.json.decode(overrides))
