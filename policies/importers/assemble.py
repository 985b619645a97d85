"""One plan to one pack: cases with ids and codes, a policy, and the account of every row. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from policies.cases import CASES_FILE, render_case
from policies.importers.coding import Coding, coding_for
from policies.importers.ids import assign_ids
from policies.importers.merge import Place, merge_tables
from policies.importers.model import (
    Notice,
    Pack,
    RecordedAnswer,
    RowCount,
    RowProblem,
    Topic,
    excerpt_of,
)
from policies.importers.plan import PackPlan
from policies.importers.policy_files import policy_files
from policies.importers.reading import CaseDraft
from policies.limits import LIMITS, MIB
from policies.model import Annotation, Case, Labelling

_SHOWN_IDS = 5


@dataclass(slots=True)
class _Account:
    """What is told about a pack while it is put together."""

    problems: list[RowProblem]
    notices: list[Notice]

    def tell(self, topic: Topic, file: str, message: str, remedy: str = "", line: int = 0) -> None:
        self.notices.append(Notice(topic=topic, file=file, line=line, message=message, remedy=remedy))


def assemble_pack(plan: PackPlan, group: str | None) -> Pack:
    """The pack of a plan. Raises nothing: what cannot go in is a problem of the pack."""
    readings = [reading for reading in (plan.policy, *plan.tables, *plan.attachments) if reading is not None]
    account = _Account(
        problems=[problem for reading in plan.tables for problem in reading.problems],
        notices=[notice for reading in readings for notice in reading.notices],
    )
    for file, why in plan.paired.items():
        account.tell(Topic.PAIRING, file, f"put with the policy {plan.slug!r}: {why}.")
    merged = merge_tables(plan.tables)
    account.problems.extend(merged.problems)
    coding = coding_for(plan.policy, plan.tables, merged.drafts)
    account.notices.extend(coding.notices)
    cases = _cases(merged.drafts, coding, account, hide_all=plan.policy is None)
    answers = _answers(cases.kept, coding, account)
    hidden = [draft.file for draft, case in cases.kept if case.sensitive and draft.own is None]
    if hidden:
        account.tell(
            Topic.SENSITIVE, hidden[0],
            f"{len(hidden)} case(s) were marked `sensitive`, so that pages hide them until asked.",
            "Take the mark from those that anyone may see; state `content_warnings` for the others.",
        )  # fmt: skip
    files = policy_files(plan, coding, [case for _, case in cases.kept], account.tell)
    if cases.lines:
        files[CASES_FILE] = "".join(f"{line}\n" for line in cases.lines).encode("utf-8")
    imported = {(draft.file, draft.line) for draft, _ in cases.kept}
    for (file, line), home in merged.joined.items():
        if home in imported:
            imported.add((file, line))
        else:
            reason = f"the case it tells more of ({home[0]}:{home[1]}) was not taken"
            account.problems.append(RowProblem(file=file, line=line, reason=reason))
    problems = _unread(account, imported)
    skipped = tuple(skip for reading in plan.tables for skip in reading.skipped)
    return Pack(
        slug=plan.slug,
        group=group,
        files=files,
        cases=len(cases.kept),
        rows=RowCount(
            read=sum(reading.rows for reading in plan.tables),
            imported=len(imported),
            skipped=sum(skip.rows for skip in skipped),
            unread=sum(problem.rows for problem in problems),
        ),
        reported=tuple(score for reading in (*plan.tables, *plan.reports) for score in reading.scores),
        answers=answers,
        skipped=skipped,
        problems=problems,
        notices=tuple(account.notices),
    )


@dataclass(frozen=True, slots=True)
class _Cases:
    kept: list[tuple[CaseDraft, Case]]
    lines: list[str]


def _cases(drafts: Sequence[CaseDraft], coding: Coding, account: _Account, *, hide_all: bool) -> _Cases:
    """The cases within the limits, each with its line of `cases.jsonl`."""
    ids = assign_ids(drafts)
    for draft, given in ids.repeated[:_SHOWN_IDS]:
        account.tell(
            Topic.IDS,
            draft.file,
            f"the id {draft.key!r} was used before; it became {given!r}.",
            line=draft.line,
        )
    if len(ids.repeated) > _SHOWN_IDS:
        more = len(ids.repeated) - _SHOWN_IDS
        account.tell(Topic.IDS, ids.repeated[0][0].file, f"and {more} more ids were used before.")
    kept: list[tuple[CaseDraft, Case]] = []
    lines: list[str] = []
    size = 0
    for draft, case_id in zip(drafts, ids.ids, strict=True):
        made = _case(draft, case_id, coding, hide_all=hide_all)
        line = _line(made) if isinstance(made, Case) else None
        if isinstance(made, str) or line is None:
            reason = made if isinstance(made, str) else "a value that a case file has no form for"
            account.problems.append(_problem(draft, reason))
            continue
        length = 1 + (len(line) if line.isascii() else len(line.encode("utf-8")))
        if length > LIMITS.case_bytes:
            account.problems.append(
                _problem(draft, f"the case is larger than {LIMITS.case_bytes // MIB} MiB")
            )
        elif len(kept) == LIMITS.cases or size + length > LIMITS.cases_bytes:
            reason = f"beyond the limit of {LIMITS.cases} cases or {LIMITS.cases_bytes // MIB} MiB a policy"
            account.problems.append(_problem(draft, reason))
        else:
            size += length
            kept.append((draft, made))
            lines.append(line)
    return _Cases(kept, lines)


def _line(case: Case) -> str | None:
    try:
        return render_case(case)
    except ValueError:
        return None


def _case(draft: CaseDraft, case_id: str, coding: Coding, *, hide_all: bool) -> Case | str:
    """The case of a draft, or why there is none."""
    label, labels = coding.label_of(draft), coding.flags_of(draft)
    if label is None and labels is None:
        return (
            f"the label {draft.gold!r} does not say which flag is meant"
            if draft.gold
            else "the row has no label"
        )
    if draft.own is not None:
        return replace(draft.own, id=case_id, label=label, labels=labels, line=0)
    return Case(
        id=case_id,
        content=draft.content,
        label=label,
        labels=labels,
        subject=draft.subject,
        context=draft.context,
        language=draft.language,
        slices=draft.slices,
        source=draft.source or draft.file,
        license=draft.license,
        annotations=tuple(
            Annotation(by=by, label=coding.word(said, draft.file)) for by, said in draft.annotations
        ),
        # Nobody has said what a reader may see, so what violates is hidden until it is asked for; of a
        # bare data set everything is, since its harmless cases quote what its harmful ones say.
        sensitive=hide_all or _violates(label, labels, coding),
        note=draft.note,
    )


def _violates(label: str | None, labels: Mapping[str, bool | None] | None, coding: Coding) -> bool:
    if labels is None:
        return label in coding.violating
    return any(labels.get(code) for code in coding.violating)


def _answers(
    kept: Iterable[tuple[CaseDraft, Case]], coding: Coding, account: _Account
) -> tuple[RecordedAnswer, ...]:
    """The models' own answers, in the order of the cases."""
    answers: list[RecordedAnswer] = []
    strange: dict[str, str] = {}
    for draft, case in kept:
        for said in draft.answers:
            place = f"{draft.file}:{draft.line}"
            labels = coding.flags_of_word(said.label) if coding.labelling is Labelling.MULTI else None
            label = None if labels is not None else coding.word(said.label, draft.file)
            known = labels is not None or label in coding.codes
            if not known:
                strange.setdefault(said.label, place)
            answers.append(
                RecordedAnswer(
                    case_id=case.id,
                    engine=said.engine,
                    label=label,
                    labels=labels,
                    in_schema=known,
                    source=place,
                )
            )
    for word, place in strange.items():
        file, _, line = place.rpartition(":")
        account.tell(
            Topic.ANSWERS,
            file,
            f"an answer {excerpt_of(word)!r} is no code of the policy; it was kept.",
            line=int(line),
        )
    return tuple(answers)


def _unread(account: _Account, imported: Container[Place]) -> tuple[RowProblem, ...]:
    """The problems of rows that gave no case at all.

    A row that gave one case and lost another is imported, so its loss is told as a notice.
    """
    unread: list[RowProblem] = []
    seen: set[Place] = set()
    for problem in account.problems:
        place = (problem.file, problem.line)
        if place in imported:
            account.tell(
                Topic.LABELS,
                problem.file,
                f"a part of the row has no case: {problem.reason}.",
                line=problem.line,
            )
        elif place not in seen:
            seen.add(place)
            unread.append(problem)
    return tuple(sorted(unread, key=lambda problem: (problem.file, problem.line)))


def _problem(draft: CaseDraft, reason: str) -> RowProblem:
    return RowProblem(file=draft.file, line=draft.line, reason=reason, excerpt=excerpt_of(draft.content))
