"""What stands beside the results of a search: the filters, with their counts. Touches nothing."""

from __future__ import annotations

from typing import NamedTuple

from policies.canonical import sha256_hex
from registry.index.entries import Facet, Found
from registry.web.languages import language_name
from registry.web.searching import FILTERS, Search

SHOWN = 8
"""Values of a filter that stand open; further ones are folded."""

_TITLES = {
    "status": "Status",
    "language": "Language",
    "label": "Label",
    "licence": "Licence",
    "commons": "Commons",
    "tested": "On gpt-oss-safeguard",
}
_TESTED = {"true": "tested", "false": "not yet tested"}


class Choice(NamedTuple):
    """A value of a filter: its link sets it, or takes it away again where it is chosen.

    `id` is the same on every page, so that the keyboard's place is kept when the list is renewed.
    """

    id: str
    value: str
    shown: str
    results: int | None
    chosen: bool
    page: str


class Filter(NamedTuple):
    """A filter with its values, most frequent first; `more` are folded."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]


class Set(NamedTuple):
    """A filter that is set, and the page without it."""

    name: str
    value: str
    title: str
    shown: str
    page: str


def filters_of(search: Search, found: Found) -> list[Filter]:
    """Every filter that could change something."""
    made = (_filter(search, name, _facets(search, found, name)) for name in FILTERS)
    return [each for each in made if each.choices]


def set_filters(search: Search) -> list[Set]:
    """The filters that are set, each with the page without it."""
    return [
        Set(name, value, _TITLES[name], shown_value(name, value), search.without(name).page)
        for name, value in search.chosen.items()
    ]


def shown_value(name: str, value: str) -> str:
    """A filter's value in words."""
    if name == "language":
        return language_name(value)
    return _TESTED.get(value, value) if name == "tested" else value


def _facets(search: Search, found: Found, name: str) -> list[Facet | str]:
    """The values there are, with the chosen one even where nothing has it."""
    if name == "tested":
        return list(_TESTED)
    facets: list[Facet | str] = list(found.facets.get(name, ()))
    chosen = search.chosen.get(name)
    if chosen is not None and not any(isinstance(each, Facet) and each.value == chosen for each in facets):
        facets.insert(0, Facet(value=chosen, count=0))
    return facets


def _filter(search: Search, name: str, facets: list[Facet | str]) -> Filter:
    choices = tuple(_choice(search, name, facet) for facet in facets)
    # The chosen one is never folded away.
    shown = tuple(choice for at, choice in enumerate(choices) if at < SHOWN or choice.chosen)
    more = tuple(choice for choice in choices[SHOWN:] if not choice.chosen)
    return Filter(name, _TITLES[name], shown, more)


def _choice(search: Search, name: str, facet: Facet | str) -> Choice:
    value, count = (facet, None) if isinstance(facet, str) else (facet.value, facet.count)
    chosen = search.chosen.get(name) == value
    leads_to = search.without(name) if chosen else search.narrowed(name, value)
    return Choice(
        id=f"{name}-{sha256_hex(value.encode())[:10]}",
        value=value,
        shown=shown_value(name, value),
        results=count,
        chosen=chosen,
        page=leads_to.page,
    )
