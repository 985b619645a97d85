"""Runs of a model that exists in tests only: it answers as it is told to. Nothing of it is ever shipped."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluations.engines.base import EngineInfo, EngineSettings, Needs, Promises, Task
from evaluations.keys import ModelManifest
from evaluations.verdicts import Answer, Failed, LabelVerdict, Unparsed, UnparsedReason
from governance.commons import RunState
from policies.model import Case
from registry.services.bench import bench_folder, record_run
from registry.services.found import found
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.store.repository import Repository

SHARED = "test/gpt-oss-safeguard-20b"
"""A name of the shared model's kind, so that its runs count as such in a test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedModel:
    """Answers `wrong` of a hundred cases with the next label, `unread` more with nothing that can be read.

    Which ones follows from their ids. It says that it is the engine `openai`, since only engines that run a
    model may stand for one.
    """

    model: str = SHARED
    wrong: int = 10
    unread: int = 0
    effort: str | None = "low"
    reasoning: str | None = "It asks for money, so it looks like a scam."

    @property
    def info(self) -> EngineInfo:
        """An engine that needs no template and promises as much as a real one."""
        return EngineInfo(
            name="openai",
            version="test",
            title="A model of a test",
            summary="Made up by a test.",
            needs=Needs(),
            promises=Promises(deterministic=True, may_gate=True, reads_policy=True),
        )

    @property
    def settings(self) -> EngineSettings:
        """Only the model and the effort enter the run key."""
        return EngineSettings(model=ModelManifest(id=self.model), effort=self.effort)

    @property
    def versions(self) -> Mapping[str, str]:
        """It rests on no library."""
        return {}

    def load(self, task: Task) -> _Session:
        """Needs nothing."""
        return _Session(self, task.policy.meta.codes)


@dataclass(frozen=True, slots=True)
class _Session:
    model: ScriptedModel
    codes: Sequence[str]

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """One answer per case, in order."""
        for case in cases:
            draw = zlib.crc32(case.id.encode()) % 100
            gold = case.label or self.codes[0]
            answer = Answer(case_id=case.id, verdict=LabelVerdict(code=gold), reasoning=self.model.reasoning)
            if draw < self.model.wrong:
                other = self.codes[(self.codes.index(gold) + 1) % len(self.codes)]
                answer = replace(answer, verdict=LabelVerdict(code=other))
            elif draw < self.model.wrong + self.model.unread:
                lost = Failed(error="timeout") if draw % 2 else Unparsed(reason=UnparsedReason.NOT_A_LABEL)
                answer = replace(answer, verdict=lost, output="I would say that it depends.")
            yield answer


def run_scripted(repository: Repository, slug: str, model: ScriptedModel) -> RunState:
    """Runs the latest release on a scripted model and records the run."""
    view = read_policy(repository, slug)
    run = bench_folder(
        view.folder,
        model,
        address=f"{repository.state().name}/{slug}",
        version_=view.release.version,
        commit=view.release.commit,
    )
    return record_run(repository, slug, run, actor="ana")


def make_scored(path: Path, files: Mapping[str, bytes], *, slug: str = "scams") -> None:
    """A commons whose policy has four versions: runs of the shared model on all, of another on two.

    The cases change with the third version. `files` are a starter policy's of single labelling.
    """
    files = dict(files)
    with found(path, founder="ana", name=path.stem) as repository:
        for number, wrong in enumerate((30, 18, 14, 6)):
            if number:
                said = f"# Goal\nDecide with care, for the {number}. time.\n".encode()
                files["policy.md"] = files["policy.md"].replace(b"# Goal\n", said, 1)
            if number == 2:
                files["cases.jsonl"] = b"".join(files["cases.jsonl"].splitlines(keepends=True)[:-20])
            publish(repository, slug, files, actor="ana")
            run_scripted(repository, slug, ScriptedModel(wrong=wrong, unread=3 if number == 3 else 0))
            if number > 1:
                run_scripted(repository, slug, ScriptedModel(model="test/another-model", wrong=wrong + 9))
