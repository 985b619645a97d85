"""The report on a push, in git's own form. Touches nothing.

Source: git documentation, "gitprotocol-pack", "Report Status"; version 2 since git 2.29.
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.push.asked import Asked
from registry.push.packets import FLUSH, Band, packet, side_band

_SIDE_BAND = "side-band-64k"
_STATUS, _STATUS_2 = "report-status", "report-status-v2"


def report(asked: Asked, *, refused: str | None, lines: Sequence[str], landed: str | None) -> bytes:
    """One answer for every ref of a push: all are taken, or none.

    `landed` is the ref that the registry moved in the place of the one that was pushed to.
    """
    status = b""
    if not asked.abilities.isdisjoint((_STATUS, _STATUS_2)):
        stated = [packet(b"unpack ok\n")]
        for command in asked.commands:
            # No git has a ref of other letters.
            ref = "".join(letter if letter.isprintable() else "?" for letter in command.ref)
            if refused is None:
                stated.append(packet(f"ok {ref}\n".encode()))
                if landed is not None and _STATUS_2 in asked.abilities:
                    stated.append(packet(f"option refname {landed}\n".encode()))
            else:
                stated.append(packet(f"ng {ref} {refused}\n".encode()))
        status = b"".join(stated) + FLUSH
    if _SIDE_BAND not in asked.abilities:
        return status
    words = "".join(f"{line}\n" for line in ("", *lines, "")).encode()
    return side_band(Band.WORDS, words) + side_band(Band.REPORT, status) + FLUSH
