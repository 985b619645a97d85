"""What the scripted server answers: the label that it knows for a content, sometimes another. Pure.

It follows no policy: it knows labelled cases, and the text of the policy only decides which of its answers
are wrong. Whatever template asks, it answers in that template's form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from policies.canonical import sha256_hex
from policies.model import Case, Label

Known = Mapping[str, "str | frozenset[str]"]
"""The label of each content, or the flags that are raised for it."""

_LISTED = re.compile(r"^- (\S+): ", re.MULTILINE)
_YES_OR_NO = re.compile(r"^One digit and nothing else", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: what the model is made to say, and what it is made to have thought."""

    content: str
    reasoning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Knows `known`; of a hundred answers `wrong` are another label, and `wobble` of those to a question that
    came before differ from the first one."""

    known: Known = field(default_factory=dict)
    violating: frozenset[str] = frozenset()
    wrong: int = 10
    wobble: int = 2

    def answer(self, messages: Sequence[Mapping[str, str]], before: int) -> Said:
        """The answer to a chat. `before` is how often the same was asked."""
        system = "\n".join(message["content"] for message in messages[:-1])
        last = messages[-1]["content"]
        content = _content(last)
        digest = int(sha256_hex(f"{system}\n{last}".encode("utf-8", "surrogatepass"))[:8], 16)
        again = int(sha256_hex(f"{before}\n{last}".encode("utf-8", "surrogatepass"))[:8], 16)
        astray = digest % 100 < self.wrong
        if before and again % 100 < self.wobble:
            astray = not astray
        gold = self.known.get(content)
        thought = "Scripted: no model read this. "
        thought += "The content is not known." if gold is None else f"Known as {_told(gold)}."
        if _YES_OR_NO.search(last):
            flagged = gold is not None and bool(self.violating & _raised(gold))
            return Said(content=str(int(flagged is not astray)), reasoning=thought)
        return Said(content=self._in_form(system, gold, digest, astray=astray), reasoning=thought)

    def _in_form(self, system: str, gold: str | frozenset[str] | None, digest: int, *, astray: bool) -> str:
        codes = _LISTED.findall(system.rpartition("# Output")[2]) or ["0"]
        if "true when that flag applies" in system:
            raised = _raised(gold or frozenset())
            flip = codes[digest % len(codes)] if astray else None
            return json.dumps({code: (code in raised) is not (code == flip) for code in codes})
        code = gold if isinstance(gold, str) and gold in codes else codes[0]
        if astray:
            code = codes[(codes.index(code) + 1) % len(codes)]
        if '{"label": "CODE"}' in system:
            return json.dumps({"label": code})
        return f"Scripted: no model read this.\nLABEL: {code}" if "`LABEL:`" in system else code


def answers_of(
    labelled: Iterable[tuple[Sequence[Label], Iterable[Case]]], *, wrong: int = 10, wobble: int = 2
) -> Answers:
    """Answers that know these cases under these labels; of one content the last one counts."""
    known: dict[str, str | frozenset[str]] = {}
    violating: set[str] = set()
    for labels, cases in labelled:
        violating |= {label.code for label in labels if label.violates}
        for case in cases:
            if case.labels is not None:
                known[case.content] = frozenset(code for code, flag in case.labels.items() if flag)
            elif case.label is not None:
                known[case.content] = case.label
    return Answers(known=known, violating=frozenset(violating), wrong=wrong, wobble=wobble)


def _content(message: str) -> str:
    """The content that a user message holds: as it is, or in the JSON object that a template wrote."""
    begin = message.find("{")
    for text in (message, message[begin:] if begin >= 0 else ""):
        try:
            found = json.JSONDecoder().raw_decode(text)[0]
        except ValueError:
            continue
        if isinstance(found, dict) and isinstance(found.get("content"), str):
            return str(found["content"])
    return message


def _raised(gold: str | frozenset[str]) -> frozenset[str]:
    return frozenset({gold}) if isinstance(gold, str) else gold


def _told(gold: str | frozenset[str]) -> str:
    return gold if isinstance(gold, str) else ", ".join(sorted(gold)) or "no flag"
