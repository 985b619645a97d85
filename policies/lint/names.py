"""Rules about the folder's name: valid, and not to be taken for a sibling's. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from policies.errors import InvalidNameError
from policies.findings import Finding
from policies.lint.reading import POLICY_FILE, Reading
from policies.lint.rules import found
from policies.names import check_slug, look_alike_key

_SHORTEST_COMPARED = 6  # Among short words one letter makes another word: spam, scam.
_SEPARATORS = re.compile(r"[\s_.\-]+")
# Letters of other scripts that look like Latin ones (Unicode TR 39, the lower-case part of the list).
_LOOK_ALIKES = str.maketrans("аесорхуіјѕԁһкмтвпгαορνικτχυ", "aecopxyijsdhkmtbnraopviktxu")


def check_name(reading: Reading) -> Iterator[Finding]:
    """P020 to P022, about the slug and its siblings' slugs."""
    try:
        check_slug(reading.slug)
    except InvalidNameError as error:
        yield found("P020", POLICY_FILE, 0, f"The folder's name {error.value!r} {error.rule}", error.remedy)
    for sibling in sorted(set(reading.siblings) - {reading.slug}):
        if _skeleton(sibling) == _skeleton(reading.slug):
            yield found(
                "P021",
                POLICY_FILE,
                0,
                f"The name {_shown(reading.slug)} reads like {_shown(sibling)}, which is taken.",
                "Choose a name that differs in a word.",
            )
        elif _close(reading.slug, sibling):
            yield found(
                "P022",
                POLICY_FILE,
                0,
                f"The name {_shown(reading.slug)} is a slip away from {_shown(sibling)}.",
                "Choose a name that differs in a word, or propose a change to the other policy.",
            )


def _skeleton(slug: str) -> str:
    """Equal for two names that look the same: case, script, separators, and shapes such as 0 and o."""
    plain = unicodedata.normalize("NFKD", slug).casefold()
    letters = "".join(letter for letter in plain if unicodedata.category(letter)[0] not in "MC")
    return look_alike_key(_SEPARATORS.sub("-", letters.translate(_LOOK_ALIKES)))


def _close(left: str, right: str) -> bool:
    if [_singular(part) for part in left.split("-")] == [_singular(part) for part in right.split("-")]:
        return True
    if min(len(left), len(right)) < _SHORTEST_COMPARED or not _one_edit_apart(left, right):
        return False
    # Numbered parts and translations differ in one place on purpose: annex-1, scams-es.
    first, _, one = left.rpartition("-")
    second, _, other = right.rpartition("-")
    return not (first and first == second and (len(one) == len(other) == 2 or (one + other).isdigit()))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _one_edit_apart(left: str, right: str) -> bool:
    """Whether one letter was changed, added or left out, or two neighbours were swapped."""
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if start is None:
        return abs(len(left) - len(right)) == 1
    one, other = left[start:], right[start:]
    swapped = len(one) > 1 and one[:2] == other[1::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]


def _shown(slug: str) -> str:
    return ascii(slug if len(slug) <= 80 else f"{slug[:77]}...")
