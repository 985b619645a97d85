"""Packs releases into one file to use without a network: what `commons bundle` does."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from registry.services.bundle_file import (
    CREDITS,
    FORMAT,
    RUN_FILES,
    BundledPolicy,
    BundledRun,
    Manifest,
    is_bundle,
    member_of,
    write_bundle,
)
from registry.services.credit_lines import credit_lines
from registry.services.credits import PolicyCredits, credits_of
from registry.services.errors import InputRefusedError
from registry.services.folders import unusable
from registry.services.origin import Origin
from registry.services.taking import ForgedReleaseError, Taken

Told = Callable[[int], None]
"""Told how many policies are packed so far."""


class Wanted(NamedTuple):
    """A release that was taken, and where its runs are to be had; None leaves them out."""

    taken: Taken
    runs_from: Origin | None


class Bundled(NamedTuple):
    """What was written: the policies with their digests, and the file's size in bytes."""

    policies: tuple[BundledPolicy, ...]
    size: int


def bundle(wanted: Iterable[Wanted], to: Path, *, told: Told = lambda _done: None) -> Bundled:
    """Writes one file, whole or not at all; the same releases give the same bytes, wherever they are from.

    A bundle that stands at `to` is replaced, anything else is not. Raises `InputRefusedError` for that
    and for a folder that cannot be written, `ForgedReleaseError` for a run that does not follow from its
    rows, and whatever taking the releases raises.
    """
    refuse_other_files(to)
    try:
        with tempfile.TemporaryFile(dir=to.parent) as spool:
            manifest, body = _gathered(wanted, spool, told)
            return Bundled(manifest.policies, _write(to, manifest, body))
    except OSError as error:
        raise unusable(to, error) from error


def refuse_other_files(to: Path) -> None:
    """Raises `InputRefusedError` for a path that holds something else than a bundle."""
    if to.is_symlink() or (to.exists() and not to.is_file()):
        raise InputRefusedError(str(to), "it is no plain file.", "Name another place with --to.")
    if to.exists() and not is_bundle(to):
        raise InputRefusedError(
            str(to), "a file is there that is no bundle.", "Name another place with --to."
        )
    if not to.parent.is_dir():
        raise InputRefusedError(str(to), "its folder is not there.", "Make it first.")


class _Spool:
    """Members one after another in a file, until the manifest can be written before them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.places: dict[str, tuple[BinaryIO, int]] = {}

    def add(self, name: str, raw: bytes) -> None:
        self.places[name] = (self._file, self._file.seek(0, os.SEEK_END))
        self._file.write(raw)


def _gathered(
    wanted: Iterable[Wanted], file: BinaryIO, told: Told
) -> tuple[Manifest, dict[str, tuple[BinaryIO, int]]]:
    spool = _Spool(file)
    packed: dict[str, BundledPolicy] = {}
    thanks: list[PolicyCredits] = []
    for done, (taken, runs_from) in enumerate(wanted, start=1):
        if taken.address not in packed:
            packed[taken.address] = _pack(taken, runs_from, spool)
            thanks.append(credits_of(taken.folder, taken.address))
        told(done)
    if not packed:
        raise InputRefusedError("bundle", "no policy is named.", "Name some, such as starter/spam@1.0.0.")
    lines = "\n".join(credit_lines(sorted(thanks, key=lambda one: one.address))) + "\n"
    spool.add(CREDITS, lines.encode("utf-8"))
    policies = tuple(sorted(packed.values(), key=lambda policy: policy.order))
    manifest = Manifest(format=FORMAT, policies=policies, credits=member_of(lines.encode("utf-8")))
    return manifest, spool.places


def _pack(taken: Taken, runs_from: Origin | None, spool: _Spool) -> BundledPolicy:
    facts, release, folder = taken.facts, taken.release, taken.folder
    for name, raw in folder.files.items():
        spool.add(f"{taken.address}/{name}", raw)
    licenses = folder.document.policy.meta.licenses
    return BundledPolicy(
        commons=facts.commons,
        slug=facts.slug,
        version=release.version,
        commit=release.commit,
        content=release.content,
        folder=release.folder,
        text_licence=licenses.text,
        cases_licence=licenses.cases,
        files={name: member_of(raw) for name, raw in folder.files.items()},
        runs=() if runs_from is None else _runs(taken, runs_from, spool),
    )


def _runs(taken: Taken, origin: Origin, spool: _Spool) -> tuple[BundledRun, ...]:
    """The runs of exactly this content, each found to follow from its own rows; the newest of equal keys."""
    # Scoring rests on scipy, which takes a second to import and which only runs need.
    from evaluations.errors import EvaluationError
    from evaluations.record_check import check_record

    found: dict[str, BundledRun] = {}
    for run in origin.runs(taken.facts.commons, taken.facts.slug) or ():
        if run.key in found or taken.release.version not in run.versions:
            continue
        files = origin.run_files(taken.facts.commons, run.key)
        what = f"run {run.key[:12]} of {taken.address}"
        try:
            record = check_record(files)
        except EvaluationError as error:
            raise ForgedReleaseError(origin.place, what, str(error)) from error
        if record.key != run.key:
            raise ForgedReleaseError(origin.place, what, "its record is of another run.")
        for name in RUN_FILES:
            spool.add(f"{taken.address}/runs/{run.key}/{name}", files[name])
        found[run.key] = BundledRun(
            key=run.key, at=run.at, files={name: member_of(files[name]) for name in RUN_FILES}
        )
    return tuple(found[key] for key in sorted(found))


def _write(to: Path, manifest: Manifest, body: dict[str, tuple[BinaryIO, int]]) -> int:
    fresh = to.with_name(f".{to.name}.new-{os.getpid()}-{os.urandom(3).hex()}")
    try:
        with fresh.open("xb") as file:
            write_bundle(file, manifest, body)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        fresh.replace(to)
    finally:
        fresh.unlink(missing_ok=True)
    return size
