"""The registry's own key: follows from the secret, attests events, and OpenSSH agrees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from governance.events import decode_event, encode_event
from registry.keys.errors import SignatureRefusedError
from registry.keys.registry_key import RegistryKey, attested_bytes, check_attestation
from registry.keys.secret import Secret
from registry.keys.sshsig import check_signature, parse_signature
from registry.keys.statements import ACT, EVENT
from tests.support.ssh import ssh_accepts
from tests.unit.governance.history import history

EVENTS = {event.type: event for event in history()}
SECRET = Secret(bytes(range(32)))
KEY = RegistryKey(SECRET, "roost")


def test_it_follows_from_the_secret() -> None:
    """The same secret and commons give the same key, to the byte; another of either another key."""
    assert KEY.public.line == (
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDP/QRMHzd9EAIz3nFDTRrreyfkXSpoya9yNFeVIkUKM"
    )
    assert RegistryKey(SECRET, "roost").public == KEY.public
    assert RegistryKey(SECRET, "nest").public != KEY.public
    assert RegistryKey(Secret(bytes(32)), "roost").public != KEY.public


def test_it_is_an_ssh_key_like_any(tmp_path: Path) -> None:
    """ssh-keygen takes its signatures, and so do we; the same message gives the same bytes."""
    compact = KEY.sign(b"said", EVENT)
    assert ssh_accepts(tmp_path, KEY.public.line, parse_signature(compact).armoured, b"said", EVENT)
    check_signature(compact, b"said", EVENT, KEY.public)
    assert KEY.sign(b"said", EVENT) == compact


@pytest.mark.parametrize("type_", EVENTS)
def test_attestation(tmp_path: Path, type_: str) -> None:
    """An attested event names the key, is canonical, and is checked without anything but the event."""
    event = KEY.attest(EVENTS[type_])
    assert replace(event, key=None, sig=None) == EVENTS[type_]
    assert event.key == KEY.public.fingerprint
    again = decode_event(encode_event(event))
    assert again == event
    check_attestation(again, KEY.public)
    assert b'"sig"' not in attested_bytes(again)
    assert event.sig is not None
    armoured = parse_signature(event.sig).armoured
    assert ssh_accepts(tmp_path, KEY.public.line, armoured, attested_bytes(again), EVENT)
    assert KEY.attest(event) == event


def test_a_changed_event() -> None:
    """Any other event, key or namespace does not have the attestation."""
    event = KEY.attest(EVENTS["founded"])
    other = RegistryKey(Secret(bytes(32)), "roost").public
    for changed, key in (
        (replace(event, at=event.at + 1), KEY.public),
        (replace(event, actor="eve"), KEY.public),
        (replace(event, prev="0" * 64), KEY.public),
        (replace(event, key=None), KEY.public),
        (replace(event, sig=None), KEY.public),
        (replace(event, sig=KEY.sign(attested_bytes(event), ACT)), KEY.public),
        (event, other),
        (replace(event, key=other.fingerprint), other),
        (replace(event, key=other.fingerprint), KEY.public),
    ):
        with pytest.raises(SignatureRefusedError):
            check_attestation(changed, key)
    check_attestation(event, KEY.public)


def test_an_unattested_event_says_which() -> None:
    """The refusal names the event and the key that should have attested it, be it unsigned or another's."""
    theirs = RegistryKey(Secret(bytes(32)), "roost").attest(EVENTS["founded"])
    for event in (EVENTS["founded"], theirs):
        with pytest.raises(SignatureRefusedError, match=r"^event 1: it is not attested by .* SHA256:"):
            check_attestation(event, KEY.public)


def test_the_private_half_is_not_shown() -> None:
    """A repr of the key says nothing."""
    assert "private" not in repr(KEY).lower()
