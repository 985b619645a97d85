"""Names of packs, submitters and attachments, made of the names that a source has. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable

from policies.errors import InvalidNameError
from policies.importers.vocabulary import words
from policies.names import check_slug

_LONGEST = 56
# A policy's file says nothing about the policy when it is called one of these; its folder does.
GENERIC = frozenset(
    words(
        "policy policies prompt criteria text index main content case cases data dataset datasets golden "
        "golden-dataset validation test tests eval evals samples examples example-policies annotations"
    )
)
_CASE_WORDS = re.compile(
    r"-(?:cases|golden|golden-dataset|gold|dataset|data|validation|validation-set|tests?|test-set|evals?|samples"
    r"|examples|labels|annotations)$"
)


def slug_of(text: str, taken: Container[str] = ()) -> str:
    """A valid name that nobody has taken, as close to `text` as the naming rules allow."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode("ascii")
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "imported"
    try:
        check_slug(base)
    except InvalidNameError:
        base = f"{base}-policy"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def attachment_name(file: str, taken: Iterable[str]) -> str:
    """A file name that a policy folder allows and has not yet, from whatever the file was called."""
    stems = {name.removesuffix(".md") for name in taken}
    return slug_of(stem_of(file), stems | {"policy"}) + ".md"


def stem_of(file: str) -> str:
    """The file's name without folders and extensions."""
    return file.rsplit("/", 1)[-1].split(".", 1)[0]


def folder_of(file: str) -> str:
    """The file's folder, blank at the top."""
    return file.rpartition("/")[0]


def case_stem(file: str) -> str:
    """The name of what a case file is about: `spam-golden-dataset.csv` is about `spam`."""
    slug = slug_of(stem_of(file))
    while (shorter := _CASE_WORDS.sub("", slug)) != slug:
        slug = shorter
    return slug


def title_of(slug: str) -> str:
    """A name as a title: `hate-speech` is `Hate speech`."""
    words = slug.replace("-", " ").strip()
    return words[:1].upper() + words[1:]
