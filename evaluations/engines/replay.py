"""`replay`: recorded answers, parsed and scored again without a model. Pure.

Answers come from a stored run, or from a sheet in which somebody noted a model's verdicts. It is also the
engine that tests use, because it answers exactly what it was given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluations.engines.base import EngineInfo, EngineSettings, Needs, Promises, Task
from evaluations.errors import EngineError
from evaluations.records import read_record, read_rows, read_words
from evaluations.templates.base import Template
from evaluations.verdicts import (
    Answer,
    Failed,
    FlagsVerdict,
    LabelVerdict,
    Unparsed,
    UnparsedReason,
    Verdict,
    verdict_to_json,
)
from policies.canonical import Json, canonical_digest
from policies.importers.model import RecordedAnswer
from policies.model import Case

NAME = "replay"
VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What was once answered. With `parse`, the answer's output is read again by the task's template."""

    answer: Answer
    parse: bool = False


class ReplayEngine:
    """Answers from recordings. Implements `Engine`."""

    def __init__(self, recordings: Iterable[Recording], settings: EngineSettings) -> None:
        """`settings` are those of the engine that answered. Raises `EngineError` for a repeated case."""
        self._recordings: dict[str, Recording] = {}
        for recording in recordings:
            case_id = recording.answer.case_id
            if case_id in self._recordings:
                raise EngineError(NAME, f"case {case_id} is recorded twice.", "Keep one answer per case.")
            self._recordings[case_id] = recording
        self._settings = settings

    @property
    def info(self) -> EngineInfo:
        """What it is, needs and promises."""
        return EngineInfo(
            name=NAME,
            version=VERSION,
            title="Recorded answers",
            summary="Answers that were recorded before, scored again. No model was run.",
            needs=Needs(template=any(recording.parse for recording in self._recordings.values())),
            promises=Promises(deterministic=True, may_gate=False, reads_policy=True),
        )

    @property
    def settings(self) -> EngineSettings:
        """Those of the engine that answered, and a digest of what it answered."""
        # Outputs enter as ASCII escapes: canonical JSON has no half characters, and models may write them.
        recorded: Json = {
            case_id: [
                verdict_to_json(recording.answer.verdict),
                json.dumps(recording.answer.output),
                recording.parse,
            ]
            for case_id, recording in self._recordings.items()
        }
        return replace(
            self._settings, config={**self._settings.config, "recording": canonical_digest(recorded)}
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """It rests on no library."""
        return {}

    def load(self, task: Task) -> ReplaySession:
        """Raises `EngineError` when outputs are to be parsed and there is no template."""
        if self.info.needs.template and task.template is None:
            raise EngineError(NAME, "has raw outputs and no template to read them.", "Name a template.")
        return ReplaySession(self._recordings, task.template, task.policy.meta.codes)


class ReplaySession:
    """Recordings under one policy's labels. Implements `Session`."""

    def __init__(
        self, recordings: Mapping[str, Recording], template: Template | None, codes: Sequence[str]
    ) -> None:
        self._recordings = recordings
        self._template = template
        self._codes = codes

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """Answers in the order given; a case without a recording is `Failed`."""
        for case in cases:
            recording = self._recordings.get(case.id)
            if recording is None:
                yield Answer(case_id=case.id, verdict=Failed(error="not-recorded"))
            else:
                yield replace(recording.answer, verdict=self._verdict(recording))

    def _verdict(self, recording: Recording) -> Verdict:
        answer = recording.answer
        if recording.parse and self._template is not None:
            return self._template.parse(answer.output, answer.finish_reason, self._codes)
        match answer.verdict:
            case LabelVerdict(code=code) if code not in self._codes:
                return Unparsed(reason=UnparsedReason.NOT_A_LABEL)
            case FlagsVerdict(flags=flags) if not set(self._codes).issuperset(flags):
                return Unparsed(reason=UnparsedReason.NOT_A_LABEL)
            case verdict:
                return verdict


def recordings_of_answers(answers: Iterable[RecordedAnswer]) -> tuple[Recording, ...]:
    """Verdicts that came along with imported cases. A label outside the schema will be unparsed."""
    return tuple(Recording(answer=Answer(case_id=told.case_id, verdict=_told(told))) for told in answers)


def recordings_of_run(files: Mapping[str, bytes]) -> tuple[Recording, ...]:
    """The first repeat of a stored run. Where the model's output was kept, it is parsed again.

    Raises `MalformedRecordError`.
    """
    read_record(files)
    words = {said.case: said for said in read_words(files) if said.repeat == 1}
    result = []
    for row in read_rows(files):
        if row.repeat == 1:
            said = words.get(row.item.id)
            answer = Answer(
                case_id=row.item.id,
                verdict=row.verdict,
                finish_reason=row.finish_reason,
                output=said.output if said else None,
                reasoning=said.reasoning if said else None,
                tokens=row.tokens,
                latency_ms=row.latency_ms,
                prompt_hash=row.prompt,
            )
            result.append(Recording(answer=answer, parse=answer.output is not None))
    return tuple(result)


def _told(told: RecordedAnswer) -> Verdict:
    if told.labels is not None:
        return FlagsVerdict(flags={code: flag for code, flag in told.labels.items() if flag is not None})
    if told.label is None:
        return Unparsed(reason=UnparsedReason.EMPTY)
    return LabelVerdict(code=told.label)
