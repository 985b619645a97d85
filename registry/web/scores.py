"""The scores of a policy over its versions: one series for each way of asking. Reads through a visit.

Two runs belong to one series when nothing but the policy and its cases differs between them. Figures over
other case sets cannot be compared, so a point says where the set changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from evaluations.keys import KeyParts, Setting
from evaluations.run_record import RunRecord
from evaluations.standing import RunClass, class_of
from governance.commons import RunState
from policies.canonical import canonical_digest
from registry.services.reading import find_policy, runs_of
from registry.web.run_parts import record_of
from registry.web.visit import Visit

ORDER = (RunClass.SHARED, RunClass.OTHER, RunClass.BASELINE)


class Point(NamedTuple):
    """A version's newest run of a series. `cases_changed`: over other cases or labels than the point before.

    Left-out cases count as another set: an engine that reads the policy is not asked what it quotes.
    """

    version: str
    run: RunState
    record: RunRecord
    cases_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Runs of one engine, model, template and settings, a point for each version, oldest first.

    `id` is a digest of what they share.
    """

    id: str
    stands_for: RunClass
    parts: KeyParts
    split: str
    points: tuple[Point, ...]

    @property
    def settings(self) -> Mapping[str, Setting]:
        """What else was set: sampling and what the engine states of itself."""
        return {**self.parts.sampling, **self.parts.config}


def series_of(visit: Visit, slug: str) -> tuple[Series, ...]:
    """All series of a policy: the shared model's first, baselines last. Raises `UnknownPolicyError`.

    Runs of content that is no longer a version of the policy are in none of them.
    """
    releases = find_policy(visit.state, slug).releases
    places = {release.version: place for place, release in enumerate(releases)}
    versions: dict[str, list[str]] = {}
    for release in releases:
        versions.setdefault(visit.state.current_content(release.content), []).append(release.version)
    newest: dict[str, dict[str, tuple[RunState, RunRecord]]] = {}
    for run in runs_of(visit.state, slug):
        record = record_of(visit, run)
        of_series = newest.setdefault(_conditions(record), {})
        for version in versions.get(visit.state.current_content(run.content), ()):
            of_series.setdefault(version, (run, record))
    made = [
        _series(id_, [(version, *found[version]) for version in sorted(found, key=places.__getitem__)])
        for id_, found in newest.items()
        if found
    ]
    made.sort(key=lambda series: (ORDER.index(series.stands_for), series.parts.model.id, series.id))
    return tuple(made)


def _series(id_: str, found: list[tuple[str, RunState, RunRecord]]) -> Series:
    points: list[Point] = []
    for version, run, record in found:
        changed = bool(points) and _asked(points[-1].record) != _asked(record)
        points.append(Point(version, run, record, changed))
    record = points[-1].record
    return Series(
        id=id_,
        stands_for=class_of(record),
        parts=record.parts,
        split=record.suite.split,
        points=tuple(points),
    )


def _conditions(record: RunRecord) -> str:
    """What runs of one series share (`evaluations.flips.comparable`), as a digest."""
    shared = replace(record.parts, policy="", suite="")
    return canonical_digest({"parts": msgspec.to_builtins(shared), "split": record.suite.split})


def _asked(record: RunRecord) -> tuple[str, tuple[str, ...]]:
    return record.suite.digest, tuple(left.item.id for left in record.left_out)
