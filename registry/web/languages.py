"""What a language is called, from its tag (BCP 47). Reads the Unicode CLDR names that come with Babel."""

from __future__ import annotations

from functools import lru_cache

from babel.core import Locale, parse_locale


@lru_cache(maxsize=1_024)
def language_name(tag: str) -> str:
    """`pt-BR` as `Portuguese (Brazil)`; a tag that has no name in English stays as it is."""
    try:
        language, territory, script, *_ = parse_locale(tag, sep="-")
    except ValueError:
        return tag
    english = _english()
    name = english.languages.get(language)
    if name is None:
        return tag
    parts = [english.scripts.get(script or ""), english.territories.get(territory or "")]
    further = ", ".join(part for part in parts if part)
    return f"{name} ({further})" if further else str(name)


@lru_cache(maxsize=1)
def _english() -> Locale:
    # Loaded when the first name is asked for: it takes 0.1 s and 5 MB.
    return Locale("en")
