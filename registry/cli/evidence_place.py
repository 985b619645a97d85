"""Where evidence is planned and recorded: in one repository, or in a copy here and on a site. Network."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from registry.cli.console import Output
from registry.cli.seats import Left, Seat

if TYPE_CHECKING:
    from registry.cli.seat_there import SiteSeat
    from registry.services.acting import Signer
    from registry.services.comparing import Compared
    from registry.services.evidence import (
        Measured,
        Shown,
    )
    from registry.store.repository import Repository


class EvidencePlace(NamedTuple):
    """`commons` is what runs are planned by; `record` takes in what they showed, `stands` tells how it is."""

    commons: Repository
    seat: Seat
    record: Callable[[Measured, Compared], Shown]
    stands: Callable[[], Left]


@contextmanager
def evidence_place(
    place: str, number: int, handle: str | None, sign: Path | None, output: Output
) -> Iterator[EvidencePlace]:
    """The commons at a place. Of one on a site, a copy lies here while the block runs.

    Raises what opening it raises.
    """
    from registry.cli.signing_options import signer_of
    from registry.client.site_address import is_site_address

    if is_site_address(place):
        with _there(place, number, handle, signer_of(sign), output) as found:
            yield found
        return
    from registry.cli.opening import acting, opened
    from registry.cli.seat_here import RepositorySeat
    from registry.services.evidence import (
        record_evidence,
    )
    from registry.services.settling import settle

    with opened(Path(place)) as commons:
        actor, signer = acting(commons, handle), signer_of(sign)
        settle(commons)
        seat = RepositorySeat(commons, actor, signer)
        yield EvidencePlace(
            commons,
            seat,
            lambda measured, compared: record_evidence(
                commons, number, measured, compared, actor=actor, signer=signer
            ),
            lambda: seat.as_it_stands(number),
        )


@contextmanager
def _there(
    place: str, number: int, handle: str | None, signer: Signer | None, output: Output
) -> Iterator[EvidencePlace]:
    from registry.cli.seat_there import SiteSeat, acts_at
    from registry.services.clone import clone
    from registry.services.opening import open_commons

    with acts_at(place, output) as acts, tempfile.TemporaryDirectory(prefix="commons-evidence-") as folder:
        seat = SiteSeat(acts, handle, signer)
        copy = Path(folder) / "copy.git"
        clone(f"{acts.commons}.git", copy)
        with open_commons(copy, processes=1) as commons:
            yield EvidencePlace(
                commons,
                seat,
                lambda measured, compared: _sent(seat, number, measured, compared),
                lambda: seat.as_it_stands(number),
            )


class _Endpoint(msgspec.Struct, frozen=True):
    cases: int
    mended: int
    broken: int
    judgement: str


class _Recorded(msgspec.Struct, frozen=True):
    event: int
    base: str
    head: str
    missed: _Endpoint
    flagged: _Endpoint
    counts: bool
    recorded_now: bool


def _sent(seat: SiteSeat, number: int, measured: Measured, compared: Compared) -> Shown:
    """Raises `InputRefusedError` where answers are missing, and what the site says."""
    from governance.payloads import Endpoint
    from registry.services.evidence import (
        Shown,
        refuse_unanswered,
    )

    refuse_unanswered(measured, compared)
    body = {
        "slug": measured.slug,
        **{
            side: {name: raw.decode() for name, raw in ran.files.items()}
            for side, ran in (("base", compared.old), ("head", compared.new))
        },
    }
    said = seat.send(f"proposals/{number}/evidence", body, _Recorded, content=measured.content)
    missed, flagged = (
        Endpoint(cases=end.cases, mended=end.mended, broken=end.broken, judgement=end.judgement)
        for end in (said.missed, said.flagged)
    )
    return Shown(
        seq=said.event,
        slug=measured.slug,
        base=said.base,
        head=said.head,
        missed=missed,
        flagged=flagged,
        counts=said.counts,
        fresh=said.recorded_now,
    )
