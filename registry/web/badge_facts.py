"""What a badge says of a policy. Reads by a visit.

A score is said only where the shared model was run on exactly the newest release; nothing else that was
measured gets near a badge, which is read without its context.
"""

from __future__ import annotations

from enum import StrEnum

from evaluations.standing import MODEL_ENGINES, SHARED_MODEL, RunClass, class_of
from governance.commons import PolicyState
from policies.model import Status
from registry.services.reading import runs_of
from registry.web.badges import Badge, Colour
from registry.web.shapes.runs import RunSummary, run_summary
from registry.web.templating import percent
from registry.web.visit import Visit


class Shown(StrEnum):
    """What to say."""

    VERSION = "version"
    STATUS = "status"
    LICENCE = "licence"
    SCORE = "score"


_STATUS_COLOURS = {
    Status.STABLE: Colour.GOOD,
    Status.EXPERIMENTAL: Colour.CARE,
    Status.DRAFT: Colour.CARE,
    Status.DEPRECATED: Colour.BAD,
}
_UNSTATED = "not stated"


def badge_of(visit: Visit, policy: PolicyState, shown: Shown) -> Badge:
    """The badge of a policy at its newest release."""
    address = f"{visit.name}/{policy.slug}"
    version = policy.latest.version
    if shown is Shown.VERSION:
        return Badge(address, version, Colour.PLAIN, f"Policy {address}, version {version}")
    if shown is Shown.SCORE:
        return _score(visit, policy, f"Policy {address} {version}")
    meta = visit.meta(policy.latest)
    if shown is Shown.STATUS:
        status = meta.status
        return Badge("status", status.value, _STATUS_COLOURS[status], f"Policy {address} is {status.value}")
    text, cases = meta.licenses.text or _UNSTATED, meta.licenses.cases or _UNSTATED
    said = text if text == cases else f"text {text}, cases {cases}"
    colour = Colour.CARE if _UNSTATED in (text, cases) else Colour.PLAIN
    title = f"Policy {address}: licence of the text {text}, of the cases {cases}"
    return Badge("licence", said, colour, title)


def _score(visit: Visit, policy: PolicyState, named: str) -> Badge:
    run = _shared_run(visit, policy)
    if run is None:
        title = f"{named}: not yet tested with {SHARED_MODEL}"
        return Badge(SHARED_MODEL, "not yet tested", Colour.NONE, title)
    caught, wrong = percent(run.caught.value), percent(run.wrongly_flagged.value)
    title = (
        f"{named}: {run.model} caught {caught} of {run.caught.n} violations and wrongly flagged {wrong} of "
        f"{run.wrongly_flagged.n} others"
    )
    model = run.model.rpartition("/")[2] or run.model
    return Badge(model, f"caught {caught}, wrongly flagged {wrong}", Colour.PLAIN, title)


def _shared_run(visit: Visit, policy: PolicyState) -> RunSummary | None:
    """The newest run of the shared model on the newest release."""
    content = visit.state.current_content(policy.latest.content)
    for run in runs_of(visit.state, policy.slug):
        if run.engine not in MODEL_ENGINES or visit.state.current_content(run.content) != content:
            continue
        if class_of(visit.recorded(run).record) is RunClass.SHARED:
            return run_summary(visit, run)
    return None
