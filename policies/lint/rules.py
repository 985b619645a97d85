"""Every lint rule: its stable id, how much it weighs, and why it exists. Pure.

An id is never used for another rule, also when its rule is gone. P001 to P019 belong to reading
(`policies/reading_rules.py`); the tens after that are families, one file each. `policies/README.md` lists
the same rules with an example of the fix.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from policies.findings import Finding, Severity
from policies.reading_rules import READING_RULES, UNKNOWN_FIELD

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule. `title` says what is wrong, `why` what it does to those who use the policy."""

    id: str
    title: str
    severity: Severity
    why: str


def found(rule: str, file: str, line: int, message: str, fix: str) -> Finding:
    """A finding of a rule of this package, with the rule's own severity."""
    return Finding(rule=rule, severity=RULES[rule].severity, file=file, line=line, message=message, fix=fix)


_OWN: tuple[tuple[str, str, Severity, str], ...] = (
    # The folder's name (names.py).
    ("P020", "slug is not a valid name", _ERROR, "It becomes a folder, a ref and a web path."),
    ("P021", "slug collides with a sibling", _ERROR, "People would pin one policy and get the other."),
    ("P022", "slug is close to a sibling", _WARNING, "A typing slip would lead to another policy."),
    # Where the policy stands (standing.py).
    ("P025", "unknown key", _INFO, "It is kept and has no effect; a typing slip looks the same."),
    ("P026", "translation into the same language", _ERROR, "A translation has a language of its own."),
    ("P027", "translation not linked to a version", _WARNING, "Nobody sees how far behind it is."),
    ("P028", "deprecated without a reason", _ERROR, "Those who pinned it must learn why, and what to use."),
    ("P029", "personal contact details", _ERROR, "What is in Git cannot be taken back from its clones."),
    # The label schema and its sections (labels.py).
    ("P030", "labels cannot decide", _ERROR, "A policy decides between allowed and violating content."),
    ("P031", "label without a section", _ERROR, "The model reads the text, not the front matter."),
    ("P032", "label without criteria", _ERROR, "Examples alone do not say what they are examples of."),
    ("P033", "code used but not defined", _ERROR, "The model may answer with it, and no parser knows it."),
    ("P034", "order of severity contradictory", _ERROR, "The schema's order is what 'more severe' means."),
    ("P035", "handling contradicts the label", _WARNING, "Platforms act on the handling."),
    ("P036", "one-sided examples", _WARNING, "A model shown one side only leans to that side."),
    # The cases as a test set (labelled.py).
    ("P040", "no cases", _ERROR, "Nobody can tell whether the policy works."),
    ("P041", "cases of one class only", _ERROR, "One answer for everything would score full marks."),
    ("P042", "label without cases", _WARNING, "Nothing is measured for it."),
    ("P043", "case with an undefined label", _ERROR, "No answer can be right."),
    ("P044", "case without a label", _ERROR, "There is nothing to compare an answer with."),
    ("P045", "case does not fit the labelling", _ERROR, "A label and flags are counted differently."),
    ("P046", "contrast pair is not one", _ERROR, "A pair measures one difference that flips the label."),
    ("P047", "sensitive cases without a warning", _WARNING, "Readers are warned by `content_warnings`."),
    ("P048", "warning without sensitive cases", _WARNING, "What readers are warned of is shown unblurred."),
    # Repetition, and leaks into the text (repetition.py).
    ("P050", "duplicate case", _ERROR, "It counts twice and makes intervals too narrow."),
    ("P051", "near-duplicate cases", _WARNING, "They measure the same thing again."),
    ("P052", "case quoted in the policy", _ERROR, "The model reads the answer: the score means nothing."),
    ("P053", "case nearly quoted in the policy", _WARNING, "The model reads most of the answer."),
    # What the model reads (wording.py, contract.py).
    ("P060", "text over the advised length", _WARNING, "Policies of 400 to 600 tokens are advised."),
    ("P061", "text too long", _ERROR, "Beyond 10,000 tokens no room is left for the content."),
    ("P062", "hedging words", _WARNING, "A rule that holds 'usually' leaves the decision open."),
    ("P063", "placeholder not filled in", _ERROR, "The model would read the template's words."),
    ("P064", "output instruction in the text", _WARNING, "The prompt template gives it; two may differ."),
    ("P065", "output instructions contradict", _ERROR, "Answers come in two forms; one counts as unparsed."),
    # What readers see (characters.py, markup.py).
    ("P070", "hidden characters in the text", _ERROR, "The model reads what reviewers cannot see."),
    ("P071", "hidden characters in a case", _WARNING, "Reviewers judge something else than the model."),
    ("P072", "raw HTML", _ERROR, "The model reads it, the page does not show it."),
    ("P073", "remote image", _ERROR, "It tells a stranger who reads the policy; the model cannot see it."),
    ("P074", "link of a dangerous kind", _ERROR, "It would run or show foreign content on a click."),
    ("P075", "control tokens of a model", _WARNING, "They imitate the frame of the prompt."),
    # Licences and credit (rights.py).
    ("P080", "licence missing", _ERROR, "Without a licence nobody may use it."),
    ("P081", "licence unknown", _ERROR, "Programs and lawyers read SPDX expressions."),
    ("P082", "licence of a case incompatible", _ERROR, "Who takes the set at its word breaks its terms."),
    ("P083", "licence forbids derived works", _ERROR, "A commons lives from forks and proposals."),
    ("P084", "attribution asked, nobody credited", _WARNING, "Users cannot give the credit they owe."),
    ("P085", "licence outside the SPDX list", _WARNING, "Its terms have to be read by each user."),
)  # fmt: skip


def _rules() -> Iterable[Rule]:
    for reading in READING_RULES.values():
        severity = _WARNING if reading.id == UNKNOWN_FIELD else _ERROR
        yield Rule(id=reading.id, title=reading.title, severity=severity, why=reading.why)
    for rule, title, severity, why in _OWN:
        yield Rule(id=rule, title=title, severity=severity, why=why)


RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _rules()})
