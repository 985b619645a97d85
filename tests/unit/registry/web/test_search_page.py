from __future__ import annotations

from registry.index.entries import Facet, Found
from registry.web.search_page import SHOWN, filters_of, set_filters
from registry.web.searching import Search


def _found(**facets: tuple[tuple[str, int], ...]) -> Found:
    made = {
        name: tuple(Facet(value=value, count=count) for value, count in values)
        for name, values in facets.items()
    }
    return Found(hits=(), total=0, facets=made)


def test_choice_sets_its_filter_and_takes_it_away() -> None:
    """A value's link narrows the search; that of the chosen value leads back."""
    search = Search(words="w", chosen={"status": "stable"})
    (status, *_) = filters_of(search, _found(status=(("stable", 3), ("draft", 1))))
    assert [(c.value, c.results, c.chosen, c.page) for c in status.choices] == [
        ("stable", 3, True, "/search?q=w"),
        ("draft", 1, False, "/search?q=w&status=draft"),
    ]


def test_chosen_value_is_always_there() -> None:
    """A chosen value that nothing has any more still stands there, to be taken away."""
    search = Search(words="", chosen={"label": "XX"})
    label = next(each for each in filters_of(search, _found()) if each.name == "label")
    assert [(c.value, c.results, c.chosen) for c in label.choices] == [("XX", 0, True)]


def test_long_lists_are_folded_but_for_the_chosen_one() -> None:
    """Beyond a few values the rest is folded away, the chosen one excepted."""
    values = tuple((f"L{number}", 100 - number) for number in range(SHOWN + 5))
    search = Search(words="", chosen={"label": f"L{SHOWN + 3}"})
    label = next(each for each in filters_of(search, _found(label=values)) if each.name == "label")
    assert [c.value for c in label.choices] == [*(f"L{number}" for number in range(SHOWN)), f"L{SHOWN + 3}"]
    assert len(label.more) == 4
    assert not any(c.chosen for c in label.more)


def test_values_are_said_in_words() -> None:
    """Languages have their names; whether something was tested is said, not true or false."""
    search = Search(words="", chosen={"language": "pt-BR", "tested": "false"})
    assert [(item.title, item.shown) for item in set_filters(search)] == [
        ("Language", "Portuguese (Brazil)"),
        ("On gpt-oss-safeguard", "not yet tested"),
    ]


def test_ids_are_fit_for_an_attribute_and_stay() -> None:
    """The id of a choice depends on its value alone, whatever characters that has."""
    found = _found(licence=(('a" onload=', 1),))
    ids = {
        each.choices[0].id
        for words in ("", "w")
        for each in filters_of(Search(words=words, chosen={}), found)
        if each.name == "licence"
    }
    assert len(ids) == 1
    assert ids.pop().replace("-", "").isalnum()
