"""Attribution as Markdown, to put beside a product. Touches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from registry.services.credits import PolicyCredits

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")


def credit_lines(gathered: Sequence[PolicyCredits]) -> Iterator[str]:
    """Whom to credit for what, under which licences, line by line."""
    yield "# Policies used, their authors and licences"
    for policy in gathered:
        yield ""
        yield from _of_policy(policy)


def _of_policy(policy: PolicyCredits) -> Iterator[str]:
    yield f"## {_plain(policy.title)} (`{policy.address}`)"
    yield ""
    for credit in policy.credits:
        link = f" ({_plain(credit.url)})" if credit.url else ""
        yield f"- {_plain(credit.role).capitalize()}: {_plain(credit.name)}{link}"
    text, cases = policy.text_license or "not stated", policy.cases_license or "not stated"
    yield f"- Licence of the text: {_plain(text)}; of the cases: {_plain(cases)}"
    if policy.upstream:
        yield f"- Made from: {_plain(policy.upstream)}"
    if policy.terms:
        yield f"- Terms of use: {_plain(policy.terms)}"
    for link in policy.links:
        yield f"- See: {_plain(link)}"
    for source in policy.sources:
        licence = f", licence {_plain(source.license)}" if source.license else ""
        counted = "1 case" if source.cases == 1 else f"{source.cases:,} cases"
        yield f"- {counted} from {_plain(source.source or 'a source not named')}{licence}"


def _plain(text: str) -> str:
    """Words of others as Markdown text that means nothing but itself, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
