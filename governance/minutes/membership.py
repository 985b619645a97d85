"""Joining, leaving and keys in sentences. Pure."""

from __future__ import annotations

from governance import payloads
from governance.membership.state import INDEPENDENT
from governance.minutes.wording import Sentence

_JOINED = {"open": "open to all", "invited": "by invitation", "vouched": "vouched for"}


def _invited(actor: str, said: payloads.Invited) -> str:
    return f"{actor} invited {said.member}"


def _applied(actor: str, _said: payloads.Applied) -> str:
    return f"{actor} asked to join"


def _vouched(actor: str, said: payloads.Vouched) -> str:
    return f"{actor} vouched for {said.member}"


def _admitted(_actor: str, said: payloads.Admitted) -> str:
    return f"{said.member} became a member ({_JOINED.get(said.by, said.by)})"


def _left(actor: str, _said: payloads.Left) -> str:
    return f"{actor} left"


def _affiliation_declared(actor: str, said: payloads.AffiliationDeclared) -> str:
    if said.affiliation == INDEPENDENT:
        return f"{actor} declared to act for no organisation"
    return f"{actor} declared to act for {said.affiliation}"


def _key_added(actor: str, _said: payloads.KeyAdded) -> str:
    return f"{actor} added a key to sign with"


def _key_revoked(actor: str, _said: payloads.KeyRevoked) -> str:
    return f"{actor} revoked a key"


def _witnessed(actor: str, _said: payloads.Witnessed) -> str:
    return f"{actor} witnessed the log up to here"


SENTENCES: dict[str, Sentence] = {
    "invited": _invited,
    "applied": _applied,
    "vouched": _vouched,
    "admitted": _admitted,
    "left": _left,
    "affiliation_declared": _affiliation_declared,
    "key_added": _key_added,
    "key_revoked": _key_revoked,
    "witnessed": _witnessed,
}
