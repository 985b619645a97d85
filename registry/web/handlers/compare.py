"""The page that compares two runs of a policy: which ones, and what came out."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from evaluations.comparing.endpoints import Question
from evaluations.comparing.pairing import UnequalItemsError
from governance.commons import RunState
from policies.names import check_slug
from registry.services.comparing import Terms
from registry.services.comparison_tables import QUESTIONS
from registry.services.comparison_words import unequal_words
from registry.services.reading import find_policy, runs_of
from registry.web.compare_view import compared_context, shown_flips
from registry.web.comparing import cases_of, held_comparison, read_terms, run_of
from registry.web.paging import part_of
from registry.web.rendered import Rendered
from registry.web.shapes.runs import RunSummary, run_summary
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visit, Visits

FLIPS = 25
"""Flips on one page."""

RUNS = 100
"""Runs to choose from: the newest."""


class _Chosen(NamedTuple):
    old: RunState | None
    new: RunState | None
    terms: Terms
    shared: bool


@get("/{commons:str}/{address:str}/compare", sync_to_thread=True, include_in_schema=False)
def compare_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    address: FromPath[str],
    old: FromQuery[str | None] = None,
    new: FromQuery[str | None] = None,
    margin: FromQuery[str | None] = None,
    primary: FromQuery[str | None] = None,
    shared: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    """Two runs side by side, once both are chosen; before that, the runs to choose from."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        slug = check_slug(address.partition("@")[0])
        policy = find_policy(visit.state, slug)
        chosen = _Chosen(
            run_of(visit, slug, old) if old else None,
            run_of(visit, slug, new) if new else None,
            read_terms(margin, primary),
            shared == "true",
        )
        folder = visit.folder(policy.latest)
        frame: dict[str, Any] = {
            "commons": visit.name,
            "slug": slug,
            "title": folder.document.policy.meta.title,
            "language": folder.document.policy.meta.language,
            "runs": [run_summary(visit, run) for run in runs_of(visit.state, slug)[:RUNS]],
            "more_runs": max(0, len(runs_of(visit.state, slug)) - RUNS),
            "questions": QUESTIONS,
            "chosen": chosen,
            **_sides(visit, chosen),
        }
        if chosen.old is None or chosen.new is None:
            return site.html("compare.html", **frame, held=None, refused=None)
        return _compared(site, visit, chosen, frame, cursor)

    return site.page(request, make)


def _compared(
    site: Site, visit: Visit, chosen: _Chosen, frame: dict[str, Any], cursor: str | None
) -> Rendered:
    old, new = chosen.old, chosen.new
    assert old is not None
    assert new is not None
    asked = _query(chosen)
    try:
        held = held_comparison(visit, old, new, chosen.terms, shared_only=chosen.shared)
    except UnequalItemsError as error:
        refused = {"told": error.told, "lists": unequal_words(error.unequal), "shared": error.shared}
        return site.html("compare.html", **frame, held=None, refused=refused, asked=asked)
    part = part_of(len(held.flips), cursor, FLIPS, f"flips {old.commit} {new.commit} {asked}")
    # Read once for both: the largest policies are not kept in memory.
    cases = cases_of(visit, new)
    flips = shown_flips(visit, old, new, held.flips[part.start : part.end], cases)
    return site.html(
        "compare.html",
        sensitive=any(case.sensitive for case in cases),
        **frame,
        held=held,
        refused=None,
        asked=asked,
        part=part,
        flips=flips,
        violating=[label.code for label in held.comparison.labels if label.violates],
        **compared_context(visit, held),
    )


def _sides(visit: Visit, chosen: _Chosen) -> dict[str, RunSummary | None]:
    return {
        name: run_summary(visit, run) if run else None
        for name, run in (("old", chosen.old), ("new", chosen.new))
    }


def _query(chosen: _Chosen) -> str:
    """The choice as a query, without what is left at its usual value."""
    asked = {
        "old": chosen.old.key[:12] if chosen.old else None,
        "new": chosen.new.key[:12] if chosen.new else None,
        "margin": chosen.terms.margin if chosen.terms.margin != Terms().margin else None,
        "primary": chosen.terms.primary.value if chosen.terms.primary is not Question.MISSED else None,
        "shared": "true" if chosen.shared else None,
    }
    return urlencode({name: value for name, value in asked.items() if value is not None})


ROUTES: list[Any] = [compare_page]
