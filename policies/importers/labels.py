"""Labels as a source writes them to the codes of a schema, said aloud wherever the two differ. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policies.importers.vocabulary import is_code, opposite_of, polarity
from policies.model import Label

# The shape that the front matter demands of a code.
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,30}[A-Za-z0-9])?")
_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMap:
    """How the words of a source became codes.

    `codes` maps every word that has a code; `unknown` are words without one, kept as they stand;
    `said` are sentences to tell, each with its remedy.
    """

    codes: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()

    def code(self, word: str) -> str:
        """The word's code, or the word itself."""
        return self.codes.get(word, word)


def map_to_schema(words: Iterable[str], labels: Sequence[Label], column: str = "") -> LabelMap:
    """The codes that `words` stand for in a schema with one label a case."""
    by_fold: dict[str, set[str]] = {}
    for label in labels:
        for name in (label.code, label.title):
            by_fold.setdefault(_folded(name), set()).add(label.code)
    exact = {label.code for label in labels}
    codes: dict[str, str] = {}
    unknown: list[str] = []
    respelled: list[str] = []
    meant: list[str] = []
    torn: list[str] = []
    for word in sorted(set(words)):
        alike = by_fold.get(_folded(word), set())
        sense = polarity(word, column=column)
        same_sense = [label.code for label in labels if sense is not None and label.violates == sense]
        if word in exact:
            codes[word] = word
        elif len(alike) == 1:
            codes[word] = next(iter(alike))
            respelled.append(f"{word!r} as {codes[word]}")
        elif len(same_sense) == 1:
            codes[word] = same_sense[0]
            meant.append(f"{word!r} as {codes[word]}")
        else:
            unknown.append(word)
            if len(same_sense) > 1:
                torn.append(f"{word!r} ({' or '.join(same_sense)})")
    said: list[tuple[str, str]] = []
    if respelled:
        said.append((f"labels were read by their spelling or title: {_some(respelled)}.", ""))
    if meant:
        question = f" under the column {column.strip()!r}" if column.strip() else ""
        said.append(
            (f"labels were read by what they mean{question}: {_some(meant)}.", "Check that this is meant.")
        )
    if torn:
        said.append(
            (f"labels that could mean more than one code were kept as they stand: {_some(torn)}.", _REMEDY)
        )
    others = [repr(word) for word in unknown if not any(entry.startswith(repr(word)) for entry in torn)]
    if others:
        said.append(
            (f"labels that the policy does not define were kept as they stand: {_some(others)}.", _REMEDY)
        )
    return LabelMap(codes=codes, unknown=tuple(unknown), said=tuple(said))


_REMEDY = "Give each case one of the policy's codes; commons lint names the cases."


def flags_of(word: str, labels: Sequence[Label], column: str = "") -> Mapping[str, bool | None] | None:
    """The flags that one label word states in a schema of flags, None when it does not say which.

    A code sets its own flag and leaves the others unknown. A word for "nothing wrong" clears them
    all; a word for "something wrong" says which only where there is one flag.
    """
    code = next((label.code for label in labels if _folded(label.code) == _folded(word)), None)
    if code is not None:
        return {label.code: True if label.code == code else None for label in labels}
    sense = polarity(word, column=column)
    if sense is False:
        return {label.code: not label.violates for label in labels}
    if sense is True and len(labels) == 1:
        return {labels[0].code: True}
    return None


def schema_from(words: Mapping[str, int], column: str = "") -> tuple[tuple[Label, ...], LabelMap]:
    """A schema made of the labels that the cases carry, for cases that came without a policy.

    `words` counts each label as written. Spellings that differ in case alone are one label.
    """
    spellings: dict[str, Counter[str]] = {}
    for word in words:
        spellings.setdefault(_plain(word).casefold(), Counter())[word] += words[word]
    codes: dict[str, str] = {}
    labels: list[Label] = []
    merged: list[str] = []
    unsure: list[str] = []
    negated = {opposite_of(fold) for fold in spellings}
    taken: set[str] = set()
    for fold, counted in sorted(spellings.items()):
        best = _plain(max(sorted(counted), key=lambda word: counted[word]))
        code = _code_for(best, taken)
        taken.add(code)
        codes.update(dict.fromkeys(counted, code))
        if len(counted) > 1:
            merged.append(" = ".join(repr(word) for word in sorted(counted)))
        violates = _violates(best, column)
        if violates is None and fold in negated:
            violates = True
        if violates is None:
            unsure.append(code)
        title = best if is_code(best) or best.isdigit() else best[:1].upper() + best[1:]
        labels.append(Label(code=code, title=title, violates=True if violates is None else violates))
    said: list[tuple[str, str]] = []
    if merged:
        said.append((f"labels that differ in spelling were taken for one: {_some(merged)}.", ""))
    if unsure:
        said.append(
            (
                f"the data does not say whether {_some(unsure)} violate; they are marked violating.",
                "Set `violates` of each in the front matter.",
            )
        )
    labels.sort(key=lambda label: (label.violates, _natural(label.code)))
    said.append(
        (
            f"the label schema was taken from the data: {_described(labels)}.",
            "Check the order: mildest first.",
        )
    )
    return tuple(labels), LabelMap(codes=codes, said=tuple(said))


def flag_schema(names: Sequence[str]) -> tuple[tuple[Label, ...], Mapping[str, str]]:
    """A schema of flags in the source's order, and each flag's code."""
    taken: set[str] = set()
    codes: dict[str, str] = {}
    labels: list[Label] = []
    for name in names:
        code = _code_for(name, taken)
        taken.add(code)
        codes[name] = code
        labels.append(Label(code=code, title=name, violates=True))
    return tuple(labels), codes


def _violates(word: str, column: str) -> bool | None:
    sense = polarity(word, column=column)
    if sense is not None:
        return sense
    # By convention the code that ends in zero is the allowed one (SP0, ARS0, TVEC0).
    return not re.fullmatch(r"\D+0", word) if is_code(word) else None


def _code_for(word: str, taken: set[str]) -> str:
    code = (
        word
        if _CODE.fullmatch(word)
        else re.sub(r"[^A-Za-z0-9._/]+", "-", word).strip("-._/")[:32].strip("-._/")
    )
    code = code or "label"
    number, base = 2, code[:28]
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code


def _plain(word: str) -> str:
    """A number without the `.0` that spreadsheets and data frames add."""
    text = " ".join(word.split())
    return text[:-2] if text in {"0.0", "1.0"} else text


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "", _plain(word).casefold())


def _natural(code: str) -> tuple[tuple[int, str], ...]:
    parts = re.split(r"(\d+)", code)
    return tuple((int(part), "") if part.isdecimal() and part.isascii() else (-1, part) for part in parts)


def _some(entries: Sequence[str]) -> str:
    more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
    return ", ".join(entries[:_SHOWN]) + more


def _described(labels: Sequence[Label]) -> str:
    return _some([f"{label.code} ({'violates' if label.violates else 'allowed'})" for label in labels])
