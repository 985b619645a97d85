"""Licences of texts and cases: SPDX expressions, what they ask, and which fit into which. Pure.

The licence list is the one inside `license-expression` (SPDX 3 keys); the terms below are read off
the names of the Creative Commons family and the copyleft families, which is all that data and text
are published under in practice. Nothing here is legal advice: it finds contradictions a lawyer would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from license_expression import AND, OR, ExpressionError, Licensing, get_spdx_licensing

from policies.errors import PolicyError

_LONGEST = 300  # Real expressions stay under 100 characters; the bound keeps the parser's recursion small.
_ALPHABET = re.compile(r"[A-Za-z0-9.+:()\- ]+")
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_MOST_ALTERNATIVES = 64

# Public-domain dedications and the permissive licences that ask for no notice with the work.
_NO_ATTRIBUTION = frozenset(
    {"0BSD", "CC-PDDC", "CC0-1.0", "DL-DE-ZERO-2.0", "MIT-0", "PDDL-1.0", "Unlicense", "WTFPL"}
)
_COPYLEFT = (
    "AGPL-",
    "CC-BY-NC-SA-",
    "CC-BY-SA-",
    "CDLA-Sharing-",
    "EUPL-",
    "GFDL-",
    "GPL-",
    "LGPL-",
    "MPL-",
    "ODbL-",
    "OSL-",
)
_NON_COMMERCIAL = ("PolyForm-Noncommercial-", "NCGL-", "CC-BY-NC-")


class UnknownLicenceError(PolicyError):
    """`expression` is not an SPDX licence expression; `reason` says which part of it is not."""

    def __init__(self, expression: str, reason: str) -> None:
        self.expression = expression
        self.reason = reason
        super().__init__(f"{expression!r} is not an SPDX licence expression: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one way of using a work asks of its user.

    `share_alike` holds the copyleft families that derived works must stay in (`CC-BY-SA`, `GPL`);
    `references` holds LicenseRef names, whose terms no list knows.
    """

    attribution: bool = False
    non_commercial: bool = False
    no_derivatives: bool = False
    share_alike: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()

    def __and__(self, other: Terms) -> Terms:
        return Terms(
            attribution=self.attribution or other.attribution,
            non_commercial=self.non_commercial or other.non_commercial,
            no_derivatives=self.no_derivatives or other.no_derivatives,
            share_alike=self.share_alike | other.share_alike,
            references=self.references | other.references,
        )

    def asks_beyond(self, promised: Terms) -> tuple[str, ...]:
        """What these terms ask that `promised` does not tell, in words; empty when nothing."""
        beyond = []
        if self.attribution and not promised.attribution:
            beyond.append("attribution")
        if self.non_commercial and not promised.non_commercial:
            beyond.append("non-commercial use")
        if self.no_derivatives and not promised.no_derivatives:
            beyond.append("no derived works")
        beyond += [
            f"share-alike under {family}" for family in sorted(self.share_alike - promised.share_alike)
        ]
        beyond += [f"the terms of {name}" for name in sorted(self.references - promised.references)]
        return tuple(beyond)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A read SPDX expression. `alternatives` are the ways to use the work, one per branch of OR."""

    expression: str
    alternatives: tuple[Terms, ...]

    @property
    def attribution(self) -> bool:
        """Whether every way of using the work asks for credit."""
        return all(terms.attribution for terms in self.alternatives)

    @property
    def no_derivatives(self) -> bool:
        """Whether no way of using the work allows to change it."""
        return all(terms.no_derivatives for terms in self.alternatives)

    @property
    def references(self) -> tuple[str, ...]:
        """The LicenseRef names that no way of using the work can do without."""
        common = frozenset.intersection(*(terms.references for terms in self.alternatives))
        return tuple(sorted(common))


def read_licence(expression: str) -> Licence:
    """The licence that an SPDX expression stands for.

    Raises `UnknownLicenceError` when it is not an expression, or names a licence SPDX does not list
    and that is no LicenseRef.
    """
    return _read(expression.strip())


def conflict(part: Licence, whole: Licence) -> tuple[str, ...]:
    """What a part of a set asks that the set's own licence does not tell its users; empty when it fits.

    The user picks any branch of the set's OR, so the part has to fit into each of them; it may use
    any branch of its own.
    """
    for promised in whole.alternatives:
        gaps = [terms.asks_beyond(promised) for terms in part.alternatives]
        smallest = min(gaps, key=len)
        if smallest:
            return smallest
    return ()


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


@lru_cache(maxsize=1024)  # Expressions come from users; a case file names the same few thousands of times.
def _read(expression: str) -> Licence:
    if not expression:
        raise UnknownLicenceError(expression, "it is empty.")
    if len(expression) > _LONGEST:
        raise UnknownLicenceError(expression[:40] + "…", f"it is longer than {_LONGEST} characters.")
    if not _ALPHABET.fullmatch(expression):
        raise UnknownLicenceError(expression, "it holds characters that SPDX expressions do not use.")
    licensing = _licensing()
    try:
        tree = licensing.parse(expression, validate=False, strict=True)
    except (ExpressionError, LookupError, ValueError) as error:
        # The parser answers some malformed input, such as "()", with an IndexError of its own.
        raise UnknownLicenceError(expression, f"it cannot be parsed ({error}).") from error
    if tree is None:
        raise UnknownLicenceError(expression, "it names no licence.")
    alternatives = _alternatives(expression, tree)
    return Licence(expression=str(tree), alternatives=alternatives)


def _alternatives(expression: str, node: object) -> tuple[Terms, ...]:
    """The branches of OR under `node`, each the union of what its AND-ed licences ask."""
    if isinstance(node, OR):
        return tuple(terms for operand in node.args for terms in _alternatives(expression, operand))
    if isinstance(node, AND):
        combined: tuple[Terms, ...] = (Terms(),)
        for operand in node.args:
            branches = _alternatives(expression, operand)
            combined = tuple(left & right for left in combined for right in branches)
            if len(combined) > _MOST_ALTERNATIVES:
                raise UnknownLicenceError(expression, f"it has more than {_MOST_ALTERNATIVES} alternatives.")
        return combined
    # An exception (WITH) only ever adds permissions to code licences, so the base licence decides.
    symbol = getattr(node, "license_symbol", node)
    return (_terms(expression, str(symbol)),)


def _terms(expression: str, key: str) -> Terms:
    if _REFERENCE.fullmatch(key):
        return Terms(references=frozenset({key}))
    if key not in _licensing().known_symbols:
        raise UnknownLicenceError(expression, f"{key!r} is not in the SPDX licence list.")
    family = next((prefix.rstrip("-") for prefix in _COPYLEFT if key.startswith(prefix)), None)
    return Terms(
        attribution=key not in _NO_ATTRIBUTION,
        non_commercial=key.startswith(_NON_COMMERCIAL),
        no_derivatives=key.startswith("CC-BY-") and "-ND-" in key,
        share_alike=frozenset() if family is None else frozenset({family}),
    )
