"""Words that leave a decision open, by language. Pure.

A language is added by adding its list; the key is the language itself, without script or region.
"May" is left out because it grants permission more often than it doubts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

HEDGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            "and so on",
            "and the like",
            "arguably",
            "as appropriate",
            "as needed",
            "as necessary",
            "etc",
            "generally",
            "if appropriate",
            "in general",
            "in many cases",
            "in most cases",
            "in some cases",
            "it depends",
            "largely",
            "maybe",
            "might",
            "more or less",
            "mostly",
            "normally",
            "occasionally",
            "often",
            "perhaps",
            "possibly",
            "presumably",
            "probably",
            "seemingly",
            "sometimes",
            "somewhat",
            "to some extent",
            "typically",
            "use your judgement",
            "use your judgment",
            "usually",
            "where appropriate",
        ),
    }
)


def hedges_in(text: str, language: str) -> tuple[str, ...]:
    """The hedging words of `text` in order, each once; none for a language without a list."""
    primary = language.partition("-")[0].casefold()
    if primary not in HEDGES:
        return ()
    matches = _pattern(primary).findall(text)
    return tuple(dict.fromkeys(" ".join(match.casefold().split()) for match in matches))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    longest_first = sorted(HEDGES[language], key=len, reverse=True)
    alternatives = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
