"""Pushes written by hand, as no git would send them."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence

import httpx

from registry.push.packets import FLUSH, packet
from registry.store.objects import make
from tests.support.pushing import NAME
from tests.support.viewers import basic

TYPE = {"content-type": "application/x-git-receive-pack-request"}

_KINDS = {"commit": 1, "tree": 2, "blob": 3}
_ABILITIES = b"report-status side-band-64k push-options agent=test"


def packed(kind: str, data: bytes) -> tuple[str, bytes]:
    """An object's id, and its bytes as they stand in a pack."""
    size = len(data)
    head = [_KINDS[kind] << 4 | size & 0x0F]
    size >>= 4
    while size:
        head[-1] |= 0x80
        head.append(size & 0x7F)
        size >>= 7
    return make(kind, data).oid, bytes(head) + zlib.compress(data, 9)


def pack(objects: Sequence[bytes]) -> bytes:
    """A pack of them."""
    body = b"PACK" + struct.pack(">II", 2, len(objects)) + b"".join(objects)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def request(commit: str, packed_objects: bytes, *options: str) -> bytes:
    """The body of a push of one commit for main."""
    command = packet(b"0" * 40 + b" " + commit.encode() + b" refs/for/main\0" + _ABILITIES)
    return command + FLUSH + b"".join(packet(one.encode()) for one in options) + FLUSH + packed_objects


def send(base: str, handle: str, token: str, body: bytes) -> httpx.Response:
    """Sends it."""
    address = f"{base}/{NAME}.git/git-receive-pack"
    return httpx.post(address, content=body, headers={**TYPE, **basic(handle, token)}, timeout=120)
