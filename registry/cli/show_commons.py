"""What `commons show` says of commons: which there are, and what one of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cli.console import Output, moment, plural

if TYPE_CHECKING:
    from registry.services.origin import CommonsFacts, Origin, PolicyLine


def show_registry(output: Output, origin: Origin) -> None:
    """The commons of a place that has several."""
    known = origin.commons()
    document = {
        "place": origin.place,
        "commons": [
            {
                "name": one.name,
                "policies": one.policies,
                "founder": one.founder,
                "events": one.events,
                "last_event_at": one.at,
            }
            for one in known
        ],
    }

    def show() -> None:
        rows = [
            (one.name, one.policies, one.founder, one.events, moment(one.at) if one.at is not None else None)
            for one in known
        ]
        columns = ("commons", "policies", "founder", "events", "last event (UTC)")
        output.table(columns, rows, right=("policies", "events"))
        output.line(f"{len(known):,} commons at {origin.place}.")

    output.answer(document, show)


def show_commons(
    output: Output, facts: CommonsFacts, policies: tuple[PolicyLine, ...], *, repository: bool
) -> None:
    """One commons and its policies. `repository` says that publishing to it is possible from here."""
    rows: list[dict[str, Any]] = [
        {
            "slug": line.slug,
            "version": line.version,
            "status": line.status,
            "language": line.language,
            **({"cases": line.cases, "runs": line.runs} if line.cases is not None else {}),
            "title": line.title,
        }
        for line in policies
    ]
    document = {
        "name": facts.name,
        "founder": facts.founder,
        "mode": facts.mode,
        "preset": facts.preset,
        "events": facts.events,
        "last_event_at": facts.at,
        "parent": facts.parent,
        "children": list(facts.children),
        "redactions": facts.redactions,
        "policies": rows,
    }

    def show() -> None:
        nested = f", within {facts.parent}" if facts.parent else ""
        if facts.founder is None:
            output.line(f"{facts.name}: as far as it is in this bundle")
        else:
            output.line(
                f"{facts.name}{nested}: founded by {facts.founder}, mode {facts.mode} ({facts.preset})"
            )
        if facts.events is not None and facts.at is not None:
            output.line(f"{plural(facts.events, 'event')}, the last on {moment(facts.at)} UTC")
        if facts.children:
            output.line(f"Nested commons: {', '.join(facts.children)}")
        if facts.redactions:
            output.line(f"Complete but for {plural(facts.redactions, 'redaction')}")
        output.line()
        if rows:
            columns = tuple(rows[0])
            output.table(columns, [list(row.values()) for row in rows], right=("cases", "runs"))
        elif repository:
            output.line("No policy yet. `commons publish` releases one.")
        else:
            output.line("No policy yet.")

    output.answer(document, show)
