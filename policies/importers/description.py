"""An import in plain JSON values, for `--json` and for the `imported` event. Pure."""

from __future__ import annotations

from collections import Counter

from policies.importers.model import ImportResult, Pack, RowCount


def describe(result: ImportResult) -> dict[str, object]:
    """The result without the files' bytes: packs, row counts, problems, notices and files seen."""
    return {
        "name": result.name,
        "rows": _rows(result.rows),
        "groups": list(result.groups),
        "packs": [_pack(pack) for pack in result.packs],
        "problems": [
            {
                "file": problem.file,
                "line": problem.line,
                "rows": problem.rows,
                "reason": problem.reason,
                "excerpt": problem.excerpt,
            }
            for problem in result.problems
        ],
        "notices": [
            {
                "topic": notice.topic.value,
                "file": notice.file,
                "line": notice.line,
                "message": notice.message,
                "remedy": notice.remedy,
            }
            for notice in result.notices
        ],
        "files": [
            {
                "file": seen.file,
                "role": seen.role.value,
                "reader": seen.reader,
                "pack": seen.pack,
                "why": seen.why,
            }
            for seen in result.files_seen
        ],
    }


def _pack(pack: Pack) -> dict[str, object]:
    skipped: Counter[str] = Counter()
    for skip in pack.skipped:
        skipped[skip.reason.value] += skip.rows
    engines = Counter(answer.engine for answer in pack.answers)
    return {
        "slug": pack.slug,
        "group": pack.group,
        "files": {name: len(raw) for name, raw in sorted(pack.files.items())},
        "cases": pack.cases,
        "rows": _rows(pack.rows),
        "skipped": dict(sorted(skipped.items())),
        "answers": dict(sorted(engines.items())),
        "reported": [
            {"metric": score.metric, "value": score.value, "source": score.source} for score in pack.reported
        ],
    }


def _rows(rows: RowCount) -> dict[str, int]:
    return {"read": rows.read, "imported": rows.imported, "skipped": rows.skipped, "unread": rows.unread}
