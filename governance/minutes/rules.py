"""The rules in sentences. Pure."""

from __future__ import annotations

from governance import payloads
from governance.minutes.wording import Sentence, plural


def _charter_amended(actor: str, said: payloads.CharterAmended) -> str:
    overrides = len(said.charter.overrides)
    changed = f" with {plural(overrides, 'change')} of their own" if overrides else ""
    return f"{actor} put the charter {said.charter.preset} in force{changed}"


def _registry_key_set(actor: str, _said: payloads.RegistryKeySet) -> str:
    return f"{actor} set the key with which the registry vouches"


def _parent_quoted(actor: str, said: payloads.ParentQuoted) -> str:
    return f"{actor} quoted the charter of {said.parent}"


SENTENCES: dict[str, Sentence] = {
    "charter_amended": _charter_amended,
    "registry_key_set": _registry_key_set,
    "parent_quoted": _parent_quoted,
}
