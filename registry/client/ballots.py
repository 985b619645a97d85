"""A ballot that its voter makes, seals and signs here, before a site sees it. Network only."""

from __future__ import annotations

from typing import Any

import msgspec

from registry.client.acts import SiteActs
from registry.client.errors import BadAnswerError
from registry.keys.errors import KeysError
from registry.keys.sealed import seal
from registry.keys.statements import BALLOT, BallotContext, ballot_statement
from registry.services.acting import Signer


class _Paper(msgspec.Struct, frozen=True):
    commons: str
    number: int
    content: str
    charter: str
    roll: str
    box: str | None
    member: str
    nonce: int


def signed_ballot(acts: SiteActs, number: int, choice: str, actor: str, signer: Signer) -> dict[str, Any]:
    """What to send for a choice, signed over exactly the vote that the site says is open.

    The statement names commons, proposal and member, so a site cannot have a ballot signed for another vote.
    Raises `BadAnswerError` for a paper of another vote, and what signing raises.
    """
    paper = acts.read(f"proposals/{number}/ballot-paper", _Paper)
    if (paper.commons, paper.number, paper.member) != (acts.commons.name, number, actor):
        raise BadAnswerError(
            acts.commons.site,
            f"it gives a ballot paper of {paper.member} for proposal {paper.number} of {paper.commons}.",
            "Nothing was signed. Tell its operator.",
        )
    context = BallotContext(
        commons=paper.commons,
        proposal=paper.number,
        content=paper.content,
        charter=paper.charter,
        roll=paper.roll,
    )
    said: dict[str, str]
    if paper.box is None:
        said = {"choice": choice}
    else:
        try:
            said = {"box": seal(paper.box, context, member=actor, choice=choice, nonce=paper.nonce)}
        except KeysError as error:
            raise BadAnswerError(
                acts.commons.site, f"its ballot box: {error}", "Tell its operator."
            ) from error
    statement = ballot_statement(context, member=actor, nonce=paper.nonce, **said)
    signature = signer.sign(statement, BALLOT)
    return {**said, "signed": {"fingerprint": signer.fingerprint, "signature": signature}}
