"""Policies, cases, runs and locks as the plain JSON values that commands give. Touches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policies.model import Case
    from registry.services.lockfile import Locked
    from registry.services.origin import PolicyLine, RunFacts
    from registry.services.taking import Taken


def policy_document(taken: Taken, runs: Sequence[RunFacts] | None) -> dict[str, Any]:
    """One version of a policy: its facts, not its words. `runs` are those of every version; None: unknown."""
    meta = taken.folder.document.policy.meta
    facts, release = taken.facts, taken.release
    support = meta.support
    return {
        "address": taken.address,
        "title": meta.title,
        "summary": meta.summary,
        "status": meta.status.value,
        "support": None if support is None else asdict(support),
        "owner": facts.owner,
        "maintainers": list(meta.maintainers),
        "language": meta.language,
        "licenses": {"text": meta.licenses.text, "cases": meta.licenses.cases},
        "versions": [earlier.version for earlier in facts.releases],
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
                    for case in taken.folder.cases
                ),
            }
            for label in meta.labels
        ],
        "content_warnings": list(meta.content_warnings),
        "case_count": len(taken.folder.cases),
        "run_count": len(runs) if runs is not None else None,
        "tested_with_shared_model": None
        if runs is None
        else any(run.stands_for == "shared-model" and release.version in run.versions for run in runs),
        "reported": [{"metric": metric, "value": value} for metric, value in facts.reported],
    }


def line_document(line: PolicyLine) -> dict[str, Any]:
    """A policy in a list or among search results."""
    return {
        "address": line.address,
        "title": line.title,
        "summary": line.summary,
        "version": line.version,
        "status": line.status,
        "language": line.language,
        "labels": list(line.labels),
        "licenses": {"text": line.text_licence, "cases": line.cases_licence},
        "tested_with_shared_model": line.tested,
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


def run_document(run: RunFacts) -> dict[str, Any]:
    """A recorded run: what ran, when, its headline figures, and the digests of its files where known."""
    return {
        "key": run.key,
        "engine": run.engine,
        "at": run.at,
        "versions": list(run.versions),
        "commit": run.commit,
        "content_digest": run.content,
        "record_digest": run.record,
        "predictions_digest": run.predictions,
        "model": run.model,
        "stands_for": run.stands_for,
        "note": run.note,
        "cases": run.cases,
        "exact": run.exact,
        "violations_caught": run.caught,
        "wrongly_flagged": run.wrongly_flagged,
    }


def said_of(case: dict[str, Any]) -> str:
    """A case document's label or raised flags in a few words; `HV?` is a flag nobody answered."""
    if case["labels"] is None:
        return case["label"] or "(none)"
    raised = [code for code, flag in case["labels"].items() if flag]
    unknown = [f"{code}?" for code, flag in case["labels"].items() if flag is None]
    return ", ".join(raised + unknown) or "no flag"


def locked_document(entry: Locked) -> dict[str, Any]:
    """A line of `commons.lock`. Of `registry`, `repository` and `bundle` one says where it came from."""
    sources: dict[str, str | None] = dict.fromkeys(("registry", "repository", "bundle"))
    return {
        "address": entry.address,
        "folder": entry.folder,
        **sources,
        entry.source.kind.value: entry.source.place,
        "version": entry.version,
        "commit": entry.commit,
        "content_digest": entry.content,
        "folder_digest": entry.digest,
        "licenses": {"text": entry.text_license, "cases": entry.cases_license},
    }


def licence_words(text: str | None, cases: str | None) -> str:
    """Both licences in a few words; cases without one of their own go with the text."""
    return f"text {text or 'not stated'}, cases {cases or text or 'not stated'}"
