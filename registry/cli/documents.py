"""Policies, cases, runs and locks as the plain JSON values that commands give. Touches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cli.scores import STAND_INS

if TYPE_CHECKING:
    from evaluations.run_record import RunRecord
    from governance.commons import Commons, RunState
    from policies.model import Case
    from registry.services.lockfile import Locked
    from registry.services.reading import PolicyView


def policy_document(state: Commons, view: PolicyView) -> dict[str, Any]:
    """One version of a policy: its facts, not its words."""
    from registry.services.reading import runs_of

    meta = view.folder.document.policy.meta
    release = view.release
    runs = runs_of(state, release.slug)
    reported = [item for item in state.reported.values() if item.slug == release.slug]
    return {
        "address": f"{state.name}/{release.slug}@{release.version}",
        "title": meta.title,
        "summary": meta.summary,
        "status": meta.status.value,
        "owner": view.policy.owner,
        "language": meta.language,
        "licenses": {"text": meta.licenses.text, "cases": meta.licenses.cases},
        "versions": [earlier.version for earlier in view.policy.releases],
        "commit": release.commit,
        "content_digest": release.content,
        "folder_digest": release.folder,
        "labelling": meta.labelling.value,
        "labels": [
            {
                "code": label.code,
                "title": label.title,
                "violates": label.violates,
                "handling": label.handling.value if label.handling else None,
                "cases": sum(
                    label.code == case.label or bool((case.labels or {}).get(label.code))
                    for case in view.folder.cases
                ),
            }
            for label in meta.labels
        ],
        "content_warnings": list(meta.content_warnings),
        "case_count": len(view.folder.cases),
        "run_count": len(runs),
        "tested_with_shared_model": any(run.engine not in STAND_INS for run in runs),
        "reported": [
            {"metric": score.metric, "value": score.value} for item in reported for score in item.scores
        ],
    }


def case_document(case: Case, *, reveal: bool) -> dict[str, Any]:
    """A case for a reader: the words of a sensitive one are left out unless asked for."""
    hidden = case.sensitive and not reveal
    return {
        "id": case.id,
        "label": case.label,
        "labels": dict(case.labels) if case.labels is not None else None,
        "content": None if hidden else case.content,
        "context": None if hidden else case.context,
        "note": None if hidden else case.note,
        "sensitive": case.sensitive,
        "hidden": hidden,
        "status": case.status.value,
        "slices": list(case.slices),
        "language": case.language,
    }


def run_document(run: RunState, record: RunRecord) -> dict[str, Any]:
    """A recorded run: what ran, when, its headline figures, and the digests of its files."""
    headline = record.metrics.headline
    return {
        "key": run.key,
        "engine": run.engine,
        "at": run.at,
        "commit": run.commit,
        "content_digest": run.content,
        "record_digest": run.record,
        "predictions_digest": run.predictions,
        "model": record.parts.model.id,
        "cases": headline.n,
        "exact": headline.accuracy.value,
        "violations_caught": headline.binary.recall.value,
        "wrongly_flagged": headline.binary.false_positive_rate.value,
    }


def said_of(case: dict[str, Any]) -> str:
    """A case document's label or raised flags in a few words; `HV?` is a flag nobody answered."""
    if case["labels"] is None:
        return case["label"] or "(none)"
    raised = [code for code, flag in case["labels"].items() if flag]
    unknown = [f"{code}?" for code, flag in case["labels"].items() if flag is None]
    return ", ".join(raised + unknown) or "no flag"


def locked_document(entry: Locked) -> dict[str, Any]:
    """A line of `commons.lock`."""
    return {
        "address": entry.address,
        "folder": entry.folder,
        "repository": entry.repository,
        "version": entry.version,
        "commit": entry.commit,
        "content_digest": entry.content,
        "folder_digest": entry.digest,
        "licenses": {"text": entry.text_license, "cases": entry.cases_license},
    }


def licence_words(text: str | None, cases: str | None) -> str:
    """Both licences in a few words; cases without one of their own go with the text."""
    return f"text {text or 'not stated'}, cases {cases or text or 'not stated'}"
