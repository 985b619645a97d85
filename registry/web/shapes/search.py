"""What a search found, as the API says it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from registry.index.entries import Facet, Found, Hit
from registry.web.excerpts import plain_excerpt
from registry.web.shapes.base import Page, Shape
from registry.web.shapes.listed import summary_of
from registry.web.shapes.policies import PolicySummary


class HitShape(Shape, frozen=True):
    """A policy that was found, and the place where its words stand."""

    policy: PolicySummary
    excerpt: Annotated[
        tuple[str, ...],
        msgspec.Meta(
            description="Plain and matching text in turns, plain first; empty for a search without words.",
            examples=[["Unwanted ", "advertising", " sent to many people."]],
        ),
    ]


class FacetShape(Shape, frozen=True):
    """A value that the results could be narrowed to, and how many would be left."""

    value: Annotated[str, msgspec.Meta(examples=["stable"])]
    count: Annotated[int, msgspec.Meta(examples=[9])]


class FacetsShape(Shape, frozen=True):
    """The most frequent values of each filter; each counts what the other filters leave."""

    status: tuple[FacetShape, ...]
    language: tuple[FacetShape, ...]
    label: tuple[FacetShape, ...]
    licence: tuple[FacetShape, ...]
    commons: tuple[FacetShape, ...]


class SearchShape(Page[HitShape], frozen=True, kw_only=True):
    """One page of results, best first; without words, the latest first."""

    facets: FacetsShape


def search_shape(found: Found, following: str | None) -> SearchShape:
    """What was found, with the cursor of the next page."""
    return SearchShape(
        items=tuple(map(_hit, found.hits)),
        total=found.total,
        next=following,
        facets=FacetsShape(
            status=_facets(found, "status"),
            language=_facets(found, "language"),
            label=_facets(found, "label"),
            licence=_facets(found, "licence"),
            commons=_facets(found, "commons"),
        ),
    )


def _hit(hit: Hit) -> HitShape:
    return HitShape(policy=summary_of(hit.policy), excerpt=plain_excerpt(hit.excerpt))


def _facets(found: Found, name: str) -> tuple[FacetShape, ...]:
    facets: tuple[Facet, ...] = found.facets.get(name, ())
    return tuple(FacetShape(value=facet.value, count=facet.count) for facet in facets)
