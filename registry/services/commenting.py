"""Comments on a proposal, on lines of it and with edits of these, and answers to them."""

from __future__ import annotations

from collections.abc import Sequence

from governance import payloads
from governance.commons import Commons
from governance.proposals.state import Proposal
from policies.line_edits import lines_of
from registry.services.acting import Signer
from registry.services.errors import InputRefusedError
from registry.services.places import Revisions, Spot
from registry.services.proposals import open_proposal
from registry.services.saying import say
from registry.services.words import Words, plain_ends
from registry.store.repository import Acted, Repository

EDIT = "the suggested edit"


def comment(
    repository: Repository,
    number: int,
    text: str,
    *,
    actor: str,
    spot: Spot | None = None,
    suggestion: str | None = None,
    content: str | None = None,
    prefilled: bool = False,
    signer: Signer | None = None,
) -> Acted:
    """Says something about a proposal; anybody may.

    With a `spot`, about that place of what is proposed now, where `suggestion` would stand in its stead (an
    empty one takes the lines out); with `content`, only while that is still what somebody read. Raises
    `InputRefusedError` for a place that is not there, and for an edit that changes nothing, unless it was
    `prefilled` with what stands there: then that is none.
    """

    def make(state: Commons, words: Words) -> payloads.Commented:
        proposal = open_proposal(state, number, content)
        said = words.add(text, "the comment")
        if spot is None:
            if suggestion is not None:
                raise InputRefusedError(EDIT, "it does not say of which lines it is.", "Name their place.")
            return payloads.Commented(number=number, text=said)
        revisions = _at_hand(repository, state, proposal)
        place = revisions.place(spot)
        same = suggestion is not None and revisions.quoted(place) == lines_of(plain_ends(suggestion))
        if same and not prefilled:
            raise InputRefusedError(EDIT, "it is what stands there.", "Change something, or only comment.")
        if suggestion is None or same:
            return payloads.Commented(number=number, text=said, place=place)
        edit = words.lines(suggestion, EDIT)
        return payloads.Commented(number=number, text=said, place=place, suggestion=edit)

    return say(repository, make, actor=actor, signer=signer)


def answer(
    repository: Repository,
    number: int,
    comments: Sequence[int],
    text: str,
    *,
    actor: str,
    signer: Signer | None = None,
) -> Acted:
    """Answers comments from outside, by the numbers of their events; without any, all that wait."""

    def make(state: Commons, words: Words) -> payloads.Answered:
        waiting = open_proposal(state, number).unanswered
        return payloads.Answered(
            number=number, comments=tuple(comments) or waiting, text=words.add(text, "the answer")
        )

    return say(repository, make, actor=actor, signer=signer)


def _at_hand(repository: Repository, state: Commons, proposal: Proposal) -> Revisions:
    stated = () if proposal.revision is None else (proposal.revision,)
    return Revisions(repository.reader, state, stated)
