"""The bytes that people and the registry sign, as canonical JSON. Pure.

Each kind has its namespace, so that no signature of one kind passes for another; a statement that needs
other fields one day gets another namespace. `nonce` is the member's own count of signed acts, this one
included: it keeps an older signature of the same member from being used again.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.events import Draft, Event
from governance.payloads import payload_json
from policies.canonical import Json, canonical_bytes, sha256_hex

ACT = "act.policy-commons"
BALLOT = "ballot.policy-commons"
EVENT = "event.policy-commons"


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotContext:
    """What a ballot is about: the frozen facts of one vote.

    `content` is the digest of what is voted on, `charter` a blob id, `roll` the digest of who may vote.
    """

    commons: str
    proposal: int
    content: str
    charter: str
    roll: str

    @property
    def facts(self) -> dict[str, Json]:
        """The fields as JSON values."""
        return {
            "commons": self.commons,
            "proposal": self.proposal,
            "content": self.content,
            "charter": self.charter,
            "roll": self.roll,
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the facts in canonical form: what stands inside a sealed box."""
        return sha256_hex(canonical_bytes(self.facts))


def ballot_statement(
    context: BallotContext, *, member: str, nonce: int, choice: str | None = None, box: str | None = None
) -> bytes:
    """What a member signs in namespace `BALLOT`: an open ballot's choice, or a sealed one's box.

    Raises `ValueError` unless exactly one of the two is given.
    """
    if (choice is None) == (box is None):
        raise ValueError("a ballot states its choice or its box, and one of them only")
    said = {"choice": choice} if box is None else {"box": box}
    return canonical_bytes({**context.facts, "member": member, "nonce": nonce, **said})


def act_statement(act: Draft | Event, *, commons: str, charter: str, nonce: int) -> bytes:
    """What a member signs in namespace `ACT` for any other act, under the charter in force."""
    return canonical_bytes(
        {
            "commons": commons,
            "type": act.type,
            "actor": act.actor,
            "charter": charter,
            "payload": payload_json(act.payload),
            "nonce": nonce,
        }
    )
