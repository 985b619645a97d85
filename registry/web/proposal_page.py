"""What the page of a proposal shows, as its template takes it. Reads through the visit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from governance.proposals.line import CHARTER
from governance.proposals.state import Stage
from registry.services.errors import InputRefusedError
from registry.services.places import Revisions, read_spot
from registry.services.proposal_reading import ProposedChange
from registry.services.stage_words import STAGES
from registry.store.refs import policy_dir
from registry.web.difference_view import shown_change
from registry.web.forms import Form
from registry.web.proposals import Seen
from registry.web.revised import Between
from registry.web.shapes.base import moment
from registry.web.shapes.commons import commons_shape
from registry.web.shapes.ways import GuardShape, guard_shapes, way_shapes
from registry.web.talked_lines import Asked, case_talk, text_talk
from registry.web.viewer import Viewer

CASES = 12
"""Changed cases of a policy on a proposal's page."""


def proposal_values(
    seen: Seen,
    viewer: Viewer | None,
    at: str | None = None,
    refused: tuple[int, str] | None = None,
) -> dict[str, Any]:
    """The page; `at` is the place whose form stands open, `refused` a comment and why its edit was not taken.

    Raises `InputRefusedError` for a place that is none.
    """
    here = f"/{seen.visit.name}/proposals/{seen.number}"
    asked = _asked(seen, at)
    open_ = seen.open if seen.open is not None and seen.revision is not None else None
    say = here if open_ else None
    may_revise = (
        open_ is not None
        and viewer is not None
        and open_.stage in (Stage.REVIEW, Stage.COMMENT)
        and viewer.handle in (open_.author, open_.sponsor)
    )
    return {
        "sensitive": is_sensitive(seen),
        "commons": commons_shape(seen.visit),
        "seen": seen,
        "proposal": seen.proposal,
        "explained": seen.explained,
        "stage": STAGES[seen.proposal.stage],
        "ways": way_shapes(seen.explained, seen.visit.state.at),
        "arithmetic": _arithmetic(seen),
        "changes": [_change(seen, one, say, asked) for one in seen.changes],
        "charter_talk": text_talk(CHARTER, say, seen.comments, asked),
        "on_lines": {one.seq: one for one in seen.comments},
        "may_revise": may_revise,
        "refused": refused,
        "form": Form(),
        "key": secrets.token_hex(12),
        "evidence": [(shown, seen.is_as_asked(shown)) for shown in (seen.open.evidence if seen.open else ())],
        "moment": moment,
    }


def revisions_values(found: Between) -> dict[str, Any]:
    """The page of what changed between two revisions."""
    changes: list[dict[str, Any]] = []
    for one in found.policies:
        shown = shown_change(one.made, CASES) if one.made else {}
        talk = text_talk("", None, (), None, old_line=one.old_line, new_line=one.new_line)
        changes.append(
            {"slug": one.slug, "language": one.language, "trouble": one.trouble, "talk": talk, **shown}
        )
    made = [one.made for one in found.policies if one.made is not None]
    return {
        "sensitive": any(case.sensitive for one in made for case in one.cases),
        "commons": commons_shape(found.visit),
        "found": found,
        "changes": changes,
        "moment": moment,
    }


def is_sensitive(seen: Seen) -> bool:
    """Whether search engines should leave the page out."""
    return any(case.sensitive for one in seen.changes if one.made is not None for case in one.made.cases)


def _asked(seen: Seen, at: str | None) -> Asked | None:
    if at is None or seen.open is None or seen.open.revision is None:
        return None
    spot = read_spot(at)
    revisions = Revisions(seen.visit.repository.reader, seen.visit.state, (seen.open.revision,))
    try:
        quoted = revisions.quoted(revisions.place(spot))
    except InputRefusedError:
        # It is said once the form is sent: until then, whoever looks may still correct it.
        quoted = None
    return Asked(spot, quoted, secrets.token_hex(16))


def _change(seen: Seen, one: ProposedChange, say: str | None, asked: Asked | None) -> Mapping[str, Any]:
    made = one.made
    folder = policy_dir(one.change.slug)
    policy, cases_file = f"{folder}/policy.md", f"{folder}/cases.jsonl"
    facts: dict[str, Any] = {"change": one.change, "title": one.title, "language": one.language}
    if made is None:
        return {**facts, "made": None}
    shown = shown_change(made, CASES)
    text = None if made.text.is_empty else shown["text"]
    lines = {"old_line": one.old_line, "new_line": one.new_line}
    return {
        **facts,
        **shown,
        "talk": text_talk(policy, say, seen.comments, asked, text=text, **lines),
        "case_talk": case_talk(cases_file, say, seen.comments, asked, shown["cases"]),
    }


def _arithmetic(seen: Seen) -> tuple[GuardShape, ...]:
    """What a vote that is over was held to."""
    counted = seen.explained.counted
    return guard_shapes(counted.lines, seen.explained.source, seen.visit.state.at) if counted else ()
