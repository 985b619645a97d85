"""Takes in evidence that somebody made on a machine of theirs: two whole runs, believed in nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from evaluations.comparing.comparison import Side
from evaluations.comparing.gate import has_erased
from evaluations.errors import EvaluationError
from evaluations.flips import comparable
from evaluations.record_check import checked_run
from evaluations.record_files import FILES, REASONING_FILE, read_record
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from evaluations.running import Run
from governance.proposals.evidence import measurable
from policies.canonical import sha256_hex
from registry.services.acting import Signer
from registry.services.bench import left_unanswered
from registry.services.comparing_known import Ran
from registry.services.errors import InputRefusedError
from registry.services.evidence import (
    Shown,
    Sides,
    record_sides,
)
from registry.services.evidence_fit import ASKED_APART, asked_otherwise
from registry.services.proposals import open_proposal
from registry.store.repository import Repository


class Upload(NamedTuple):
    """The files of two runs about one policy: of what is in force, and of what is proposed."""

    slug: str
    base: Mapping[str, bytes]
    head: Mapping[str, bytes]


def take_evidence(
    repository: Repository,
    number: int,
    upload: Upload,
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Shown:
    """Keeps both runs and records what they say, once they are found to be what they claim.

    Every figure is counted again from the rows; what a model really answered, nobody can tell from here, and
    the log says who brought it. Raises `InputRefusedError` for runs that are of something else or not whole,
    `OtherContentError`, and what the rules refuse.
    """
    state = repository.state()
    proposal = open_proposal(state, number, content)
    change = next((one for one in measurable(proposal) if one.slug == upload.slug), None)
    if change is None or proposal.revision is None:
        raise InputRefusedError(
            upload.slug,
            f"proposal {number} changes no policy of this name that was released before.",
            "There is nothing to compare.",
        )
    stated = tuple(_stated(f"the run of {side}", files) for side, files in _named(upload))
    # First what they say they are of: labels and cases of another suite are as many as somebody likes, and
    # counting takes their number squared. What follows holds both to the suite that is due.
    other = None if comparable(*stated) else ASKED_APART
    if other is None:
        other = asked_otherwise(repository, state, proposal.revision, change, *stated)
    if other is not None:
        raise InputRefusedError(f"the evidence on {upload.slug}", other, "Make it with `commons evidence`.")
    old, new = (_read(f"the run of {side}", files) for side, files in _named(upload))
    kept = {run.record for run in state.runs.values()}
    found = [_as_known(ran, kept) for ran in (old, new)]
    return record_sides(
        repository, number, Sides(upload.slug, proposal.content, *found), actor=actor, signer=signer
    )


def _named(upload: Upload) -> tuple[tuple[str, Mapping[str, bytes]], ...]:
    return ("what is in force", upload.base), ("what is proposed", upload.head)


def _stated(place: str, files: Mapping[str, bytes]) -> RunRecord:
    """What a run says of itself, believed in nothing yet."""
    missing = [name for name in FILES if name not in files and name != REASONING_FILE]
    if missing or files.keys() - set(FILES):
        raise InputRefusedError(place, f"a run has the files {', '.join(FILES)}.", "Send these.")
    try:
        return read_record(files)
    except EvaluationError as error:
        raise _unsound(place, error) from error


def _read(place: str, files: Mapping[str, bytes]) -> Ran:
    try:
        record, rows = checked_run(files)
        run = Run(record=record, rows=rows, files=files)
        _refuse_partial(place, record, rows, run)
    except EvaluationError as error:
        raise _unsound(place, error) from error
    return Ran(record=record, rows=rows, files=files, fresh=True)


def _unsound(place: str, error: EvaluationError) -> InputRefusedError:
    return InputRefusedError(place, f"it is not sound: {error}", "Make it with `commons evidence`.")


def _refuse_partial(place: str, record: RunRecord, rows: tuple[Row, ...], run: Run) -> None:
    if has_erased(Side(record=record, rows=rows)):
        raise InputRefusedError(place, "something was erased from it.", "Run it again.")
    unanswered = left_unanswered(run)
    if unanswered:
        raise InputRefusedError(
            place, f"{unanswered} answers never came.", "Ask for them, and send it again."
        )


def _as_known(ran: Ran, kept: set[str]) -> Ran:
    """A run that is here already says nothing new."""
    fresh = sha256_hex(ran.files["record.json"]) not in kept
    return Ran(record=ran.record, rows=ran.rows, files=ran.files, fresh=fresh)
