"""Search where no index is: in a bundle. Values in, values out.

The same reading of words as the index has (`registry/index`): all must be there, the last also as a
beginning, text in double quotes as it stands. The order is simpler: who has more of the words in address
and title comes first, then by address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from policies.codec import Document
from registry.index.entries import Query
from registry.services.origin import PolicyLine, SearchPage

_QUOTED = re.compile(r'"([^"]*)"?')
_WORD = re.compile(r"\w+")
_BEFORE, _AFTER = 60, 100


class Candidate(NamedTuple):
    """A policy with what it can be found by."""

    line: PolicyLine
    document: Document


class _Wanted(NamedTuple):
    terms: tuple[tuple[str, ...], ...]
    prefix: bool


def search(candidates: Iterable[Candidate], query: Query) -> SearchPage:
    """What matches, in pages. `query.after` is how many were given out before, in digits."""
    wanted = _wanted(query.words)
    found = sorted(
        (
            (-score, line.address, line, document)
            for line, document in candidates
            if _fits(line, query) and (score := _score(wanted, line, document)) is not None
        ),
        key=lambda one: one[:2],
    )
    start = int(query.after) if query.after and query.after.isascii() and query.after.isdigit() else 0
    page = found[start : start + query.limit]
    more = start + len(page) < len(found)
    return SearchPage(
        tuple(_with_excerpt(line, document, wanted) for _, _, line, document in page),
        len(found),
        str(start + len(page)) if more else None,
    )


def _fits(line: PolicyLine, query: Query) -> bool:
    return (
        query.commons in (None, line.commons)
        and query.status in (None, line.status)
        and (query.language is None or _same_language(line.language, query.language))
        and (query.label is None or query.label in line.labels)
        and query.licence in (None, line.text_licence)
        and query.tested in (None, line.tested)
    )


def _same_language(stated: str, asked: str) -> bool:
    return stated.lower() == asked.lower()


def _wanted(words: str) -> _Wanted:
    terms: list[tuple[str, ...]] = []
    end, prefix = 0, False
    for quoted in _QUOTED.finditer(words):
        terms += [(word,) for word in _words(words[end : quoted.start()])]
        phrase = _words(quoted[1])
        terms += [phrase] if phrase else []
        end = quoted.end()
    rest = _words(words[end:])
    terms += [(word,) for word in rest]
    prefix = bool(rest) and bool(_WORD.match(words[-1]))
    return _Wanted(tuple(terms), prefix)


def _words(text: str) -> tuple[str, ...]:
    """As the index folds them: without case and accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return tuple(_WORD.findall(bare))


def _score(wanted: _Wanted, line: PolicyLine, document: Document) -> int | None:
    """How much stands in front; None when a word is missing."""
    if not wanted.terms:
        return 0
    front = _words(f"{line.address} {line.title}")
    labels = " ".join(f"{label.code} {label.title}" for label in document.policy.meta.labels)
    whole = (*front, *_words(f"{line.summary} {labels}"), *_words(document.policy.body))
    if not all(_stands(term, whole, wanted, last=term is wanted.terms[-1]) for term in wanted.terms):
        return None
    return sum(_stands(term, front, wanted, last=term is wanted.terms[-1]) for term in wanted.terms)


def _stands(term: tuple[str, ...], words: tuple[str, ...], wanted: _Wanted, *, last: bool) -> bool:
    if len(term) > 1:
        return any(words[at : at + len(term)] == term for at in range(len(words) - len(term) + 1))
    if last and wanted.prefix:
        return any(word.startswith(term[0]) for word in words)
    return term[0] in words


def _with_excerpt(line: PolicyLine, document: Document, wanted: _Wanted) -> PolicyLine:
    """The line with the first place of its summary or text that has a word of the search."""
    if not wanted.terms:
        return line
    pattern = re.compile("|".join(re.escape(word) for term in wanted.terms for word in term), re.IGNORECASE)
    for text in (line.summary, document.policy.body):
        hit = pattern.search(text)
        if hit:
            before = text[max(hit.start() - _BEFORE, 0) : hit.start()]
            after = text[hit.end() : hit.end() + _AFTER]
            return replace(line, excerpt=(before, hit[0], after))
    return line
