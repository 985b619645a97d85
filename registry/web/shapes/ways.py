"""What a proposal waits for, as pages and the API say it: ways on and their conditions. Touches nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import msgspec

from governance.explain import Line
from registry.services.explaining import Explained
from registry.services.stage_words import LEADS
from registry.web.shapes.base import Moment, Shape, moment


class GuardShape(Shape, frozen=True):
    """A condition with its inputs in words, and the charter's key and line where it has one."""

    guard: Annotated[str, msgspec.Meta(examples=["reviews"])]
    holds: Annotated[bool, msgspec.Meta(description="At the log's last event.")]
    says: Annotated[str, msgspec.Meta(examples=["1 of 1 approval by people without a stake in it."])]
    key: Annotated[
        str | None,
        msgspec.Meta(
            description="The charter's key; null for what no charter can change.",
            examples=["class.policy.reviews"],
        ),
    ]
    source: Annotated[
        str | None,
        msgspec.Meta(
            description="Where the key's value stands, in the file or in a preset.",
            examples=["governance/charter.toml:14"],
        ),
    ]
    from_at: Annotated[
        Moment | None, msgspec.Meta(description="Of one that time alone meets: from when on it is met.")
    ]


class WayShape(Shape, frozen=True):
    """A way on: where it leads, when (null while people are waited for), and everything that it asks."""

    to: Annotated[str, msgspec.Meta(examples=["comment_opened"])]
    says: Annotated[str, msgspec.Meta(examples=["It goes into its final comment period"])]
    due: Moment | None
    guards: tuple[GuardShape, ...]


def way_shapes(explained: Explained, now: int) -> tuple[WayShape, ...]:
    """Every way on from where a proposal stands, as of `now`; none from one that is over."""
    return tuple(
        WayShape(
            to=way.to,
            says=LEADS.get(way.to, way.to),
            due=None if way.due is None else moment(way.due),
            guards=guard_shapes(way.lines, explained.source, now),
        )
        for way in (explained.now.ways if explained.now else ())
    )


def guard_shapes(lines: Iterable[Line], source: Callable[[str], str], now: int) -> tuple[GuardShape, ...]:
    """Conditions as of `now`: what time alone meets holds for the rules, and not yet for whoever waits."""
    return tuple(
        GuardShape(
            guard=line.code,
            holds=line.holds and (line.since is None or line.since <= now),
            says=line.says,
            key=line.key,
            source=source(line.key) if line.key else None,
            from_at=None if line.since is None else moment(line.since),
        )
        for line in lines
    )
