"""Acts on a site, by a token. Reads the environment; network only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from registry.cli.console import Output
from registry.cli.seats import Act, Emergency, Left, Receipt, Standing
from registry.client.acts import FindingOf, ReceiptOf, SiteActs
from registry.client.ballots import signed_ballot
from registry.client.errors import BadAnswerError
from registry.client.site_address import parse_site_commons
from registry.client.wire import Wire
from registry.services.acting import Signer
from registry.services.errors import InputRefusedError

TOKEN_VARIABLE = "COMMONS_TOKEN"  # noqa: S105 - the variable's name
"""The token's only place: on a command line, everybody on the machine could read it."""

Shape = TypeVar("Shape")


class _OnProposal(msgspec.Struct, frozen=True):
    number: int
    stage: str
    content: str
    due: str | None
    receipt: ReceiptOf
    findings: tuple[FindingOf, ...] = ()


class _Stands(msgspec.Struct, frozen=True):
    stage: str
    content: str
    due: str | None


class _OnMember(msgspec.Struct, frozen=True):
    handle: str
    standing: str


class _OnRelease(msgspec.Struct, frozen=True):
    release: str
    withdrawn: bool
    callers: tuple[str, ...]
    needed: int
    until: str | None


@contextmanager
def acts_at(place: str, output: Output) -> Iterator[SiteActs]:
    """The commons at an address, for whoever the token in the environment is of."""
    commons = parse_site_commons(place)
    if commons.is_readable_on_the_way:
        output.note("Over http, your token can be read on the way: use https.", style="yellow")
    wire = Wire(commons.site, waiting=lambda said: output.note(said, style="dim"))
    acts = SiteActs(wire, commons, os.environ.get(TOKEN_VARIABLE))
    try:
        yield acts
    finally:
        acts.close()


class SiteSeat:
    """Whoever a token is of, in a commons of a site.

    Raises `InputRefusedError` where that is not `handle`.
    """

    def __init__(self, acts: SiteActs, handle: str | None, signer: Signer | None) -> None:
        self.actor = acts.handle()
        self._acts = acts
        self._signer = signer
        if handle is not None and handle != self.actor:
            raise InputRefusedError(
                "--as", f"the token is of {self.actor}, who acts by it.", f"Use a token of {handle}'s."
            )

    @property
    def commons(self) -> str:
        """The commons' name."""
        return self._acts.commons.name

    def on(self, number: int, act: Act) -> Left:
        """Carries out an act on a proposal."""
        return _left(self.send(f"proposals/{number}/{act.path}", act.body, _OnProposal))

    def opening(self, act: Act) -> Left:
        """Carries out one that opens a proposal."""
        return _left(self.send(act.path, act.body, _OnProposal))

    def about(self, member: str, act: Act) -> Standing:
        """Carries out one about who belongs."""
        said = self.send(act.path, act.body, _OnMember)
        self._check(said.handle, member)
        return Standing(said.standing == "member")

    def calling(self, release: str, act: Act) -> Emergency:
        """Carries out one that calls an emergency."""
        gone = self.send(act.path, act.body, _OnRelease)
        self._check(gone.release, release)
        return Emergency(gone.withdrawn, gone.callers, gone.needed, _seconds(gone.until))

    def vote(self, number: int, choice: str) -> Left:
        """Casts a ballot; one to be signed is made and sealed here."""
        body: dict[str, Any] = {"choice": choice}
        if self._signer is not None:
            body = signed_ballot(self._acts, number, choice, self.actor, self._signer)
        return _left(self._acts.send(f"proposals/{number}/ballots", body, _OnProposal))

    def as_it_stands(self, number: int) -> Left:
        """How a proposal stands."""
        stands = self._acts.read(f"proposals/{number}", _Stands)
        return Left(number, stands.stage, stands.content, _seconds(stands.due), (), None)

    def reading_on(self, number: int) -> str:
        """The page that explains."""
        return f"{self._acts.commons}/proposals/{number} says why, and what comes next."

    def _check(self, said: str, meant: str) -> None:
        if said != meant:
            raise BadAnswerError(
                self._acts.commons.site, f"it answers about {said}, not {meant}.", "Tell its operator."
            )

    def send(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], *, content: str | None = None
    ) -> Shape:
        """Carries out an act as the site takes it, unsigned. Raises `InputRefusedError` for whoever signs."""
        if self._signer is not None:
            raise InputRefusedError(
                "--sign",
                "on a site, only a ballot is signed by yourself.",
                "Leave it out (COMMONS_SIGN as well): the registry vouches that the act came this way.",
            )
        return self._acts.send(path, body, shape, content=content)


def _left(said: _OnProposal) -> Left:
    stands = said.receipt
    return Left(
        number=said.number,
        stage=said.stage,
        content=said.content,
        due=_seconds(said.due),
        findings=tuple(one.finding() for one in said.findings),
        receipt=Receipt(stands.seq, stands.digest, stands.commit, stands.sealed),
    )


def _seconds(moment: str | None) -> int | None:
    return None if moment is None else int(datetime.fromisoformat(moment).timestamp())
