"""Evidence in the log follows from its two runs, and whoever states something else is found out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace as with_
from pathlib import Path

import pytest
from msgspec.structs import replace

from evaluations.engines.catalogue import engine_named
from evaluations.keys import run_key
from evaluations.record_files import RECORD_FILE, record_bytes
from evaluations.suites import SuiteLabel, labelled_suite, suite_digest
from governance import payloads
from governance.events import Draft
from policies.folder import load_folder
from registry.services.bench import bench_folder, record_run
from registry.services.comparing import Compared, compare_versions
from registry.services.erasure import Target
from registry.services.errors import InputRefusedError
from registry.services.evidence import (
    Measured,
    Shown,
    plan_evidence,
    record_evidence,
)
from registry.services.evidence_taking import Upload, take_evidence
from registry.services.propose import propose, revise
from registry.services.redact import redact
from registry.services.revisions import Draft as Proposed
from registry.services.verify import Failure, verify
from registry.store import log
from registry.store.repository import Repository
from tests.support.circles import circle
from tests.support.histories import ManualClock


@pytest.fixture
def files(library: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (library / "spam").iterdir()}


@pytest.fixture
def roost(tmp_path: Path, files: dict[str, bytes]) -> Iterator[Repository]:
    """The circle, and proposal 1 of bo's, which rewords spam."""
    with circle(tmp_path / "roost.git", clock=ManualClock(), files=files) as repository:
        propose(repository, _reworded(files, b"Read the whole message first."), title="Read", actor="bo")
        yield repository


def _reworded(files: dict[str, bytes], words: bytes) -> Proposed:
    old = b"Check the labels from the top severity down."
    assert old in files["policy.md"]
    return Proposed(folders={"spam": files | {"policy.md": files["policy.md"].replace(old, words)}})


def _compared(repository: Repository) -> tuple[Measured, Compared]:
    (measured,) = plan_evidence(repository, 1, engine_named("lexical"))
    return measured, compare_versions(measured.trial)


def _recorded(repository: Repository) -> Shown:
    measured, compared = _compared(repository)
    return record_evidence(repository, 1, measured, compared, actor="cleo")


def _said(repository: Repository, seq: int) -> payloads.EvidenceRecorded:
    entries = log.oldest_first(repository.reader, repository.head() or "")
    said = next(entry.event.payload for entry in entries if entry.event.seq == seq)
    assert isinstance(said, payloads.EvidenceRecorded)
    return said


def _stated(repository: Repository, **forged: object) -> Failure | None:
    """Evidence is recorded once more, with fields of the event that are made up; what verify says."""
    seq = _recorded(repository).seq
    assert verify(repository).failure is None
    said = _said(repository, seq)
    repository.act(
        lambda _state, _change, _at: Draft(
            type="evidence_recorded", actor="cleo", payload=replace(said, **forged)
        )
    )
    return verify(repository).failure


def test_it_says_what_the_two_runs_give(roost: Repository) -> None:
    """Both are kept, the event names them, and verify recounts all of it."""
    shown = _recorded(roost)
    state = roost.state()
    (evidence,) = state.proposals[1].evidence
    assert (evidence.seq, evidence.model, evidence.suite) == (shown.seq, "lexical", "public")
    assert [run.slug for run in state.runs.values()] == ["spam", "spam"]
    assert (shown.missed.cases, shown.flagged.cases, shown.counts) == (96, 32, False)
    report = verify(roost)
    assert report.failure is None
    assert ("evidence", 1) in [(check.name, check.count) for check in report.checks]


@pytest.mark.parametrize(
    ("forged", "rule"),
    [
        ({"missed": payloads.Endpoint(cases=96, mended=9, broken=0, judgement="pass")}, "other counts"),
        ({"flagged": payloads.Endpoint(cases=32, mended=0, broken=0, judgement="pass")}, "another judgement"),
        ({"model": "openai/gpt-oss-safeguard-20b"}, "another model"),
        ({"effort": "low"}, "asked in another way"),
        ({"template": "safeguard-label@1"}, "asked in another way"),
        ({"digest": "0" * 64}, "another suite"),
        ({"suite": "held-out"}, "no suite held-out"),
    ],
)
def test_what_the_runs_do_not_give_is_found(roost: Repository, forged: dict[str, object], rule: str) -> None:
    """Other counts, a kinder judgement, or the charter's model in place of the one that answered."""
    failure = _stated(roost, **forged)
    assert failure is not None
    assert failure.place.endswith("evidence on spam")
    assert rule in failure.rule


def test_chosen_cases_are_no_evidence(roost: Repository, files: dict[str, bytes]) -> None:
    """Two runs on half of the cases, each right in itself, are not what the two versions have."""
    shown = _recorded(roost)
    said = _said(roost, shown.seq)
    proposed = dict(_reworded(files, b"Read the whole message first.").folders["spam"])
    commits, digest = [], ""
    for version in (files, proposed):
        folder = load_folder("spam", version)
        meta = folder.document.policy.meta
        cases = folder.cases[::2]
        suite = labelled_suite("spam", "1.0.0", labels=meta.labels, labelling=meta.labelling, cases=cases)
        run = bench_folder(folder, engine_named("lexical"), address="roost/spam", suite=suite)
        commits.append(record_run(roost, "spam", run, actor="cleo").commit)
        digest = run.record.parts.suite
    fewer = replace(said, base=commits[0], head=commits[1], digest=digest)
    roost.act(lambda _state, _change, _at: Draft(type="evidence_recorded", actor="cleo", payload=fewer))
    failure = verify(roost).failure
    assert failure is not None
    assert "other cases" in failure.rule


def test_another_revision_meanwhile(roost: Repository, files: dict[str, bytes]) -> None:
    """Runs of what was proposed before say nothing of what is proposed now."""
    measured, compared = _compared(roost)
    revise(roost, 1, _reworded(files, b"Read all of it first."), actor="bo")
    with pytest.raises(InputRefusedError, match="another revision"):
        record_evidence(roost, 1, measured, compared, actor="cleo")


def test_a_redaction_leaves_it_true(roost: Repository, files: dict[str, bytes]) -> None:
    """A case that is taken out of the policy goes out of both runs; what is left is still held."""
    _recorded(roost)
    first = str(json.loads(files["cases.jsonl"].splitlines()[0])["id"])
    redact(
        roost,
        actor="ana",
        ground="personal-data",
        salt=lambda: os.urandom(16),
        target=Target(slug="spam", cases=frozenset({first})),
    )
    report = verify(roost)
    assert report.failure is None, report.failure


def test_a_name_that_cannot_stand_in_the_log(roost: Repository) -> None:
    """A server that calls its model by a name with a colon is told what to do, before anything is kept."""
    measured, compared = _compared(roost)
    parts = _renamed(compared, "gpt-oss:20b")
    with pytest.raises(InputRefusedError, match="name of a model"):
        record_evidence(roost, 1, measured, parts, actor="cleo")
    assert not roost.state().runs


def _renamed(compared: Compared, name: str) -> Compared:
    record = compared.new.record
    parts = with_(record.parts, model=with_(record.parts.model, id=name))
    return with_(compared, new=with_(compared.new, record=with_(record, parts=parts)))


def test_runs_of_another_suite_are_not_counted(roost: Repository) -> None:
    """Labels that no version has are refused by the suite that a record states, before anything is counted:
    a table of all of them against each other would take whatever memory there is."""
    _measured, compared = _compared(roost)
    said = compared.new.record
    labels = (*said.suite.labels, *(SuiteLabel(code=f"X{number}", violates=True) for number in range(500)))
    items = [row.item for row in compared.new.rows] + [left.item for left in said.left_out]
    digest = suite_digest(said.suite.labelling, labels, items)
    parts = with_(said.parts, suite=digest)
    suite = with_(said.suite, labels=labels, digest=digest)
    lying = with_(said, suite=suite, parts=parts, key=run_key(parts))
    head = {**compared.new.files, RECORD_FILE: record_bytes(lying)}
    with pytest.raises(InputRefusedError, match="asked other cases than the two versions have"):
        take_evidence(roost, 1, Upload("spam", compared.old.files, head), actor="bo")
    assert not roost.state().runs
