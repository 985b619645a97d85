"""Every rule, once where it finds something and once beside, where it must not.

The first edit of a pair makes the rule's finding; the second is a near miss: close to the first, and
right. The folder they start from has no finding at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policies.lint import RULES

Edit = Callable[[Any], object]


def text(old: str, new: str) -> Edit:
    return lambda folder: folder.replace(old, new)


def front(line: str) -> Edit:
    return text("subject: content\n", f"subject: content\n{line}\n")


def rule_text(sentence: str) -> Edit:
    """A sentence of the policy's own, in the last section."""
    return text("choose the more severe one.", f"choose the more severe one.\n- {sentence}")


def case(number: int, **changes: object) -> Edit:
    return lambda folder: folder.cases[number - 1].update(changes)


def add(**fields: object) -> Edit:
    return lambda folder: folder.cases.append({"id": "5", "label": "SP1"} | fields)


def keep(*numbers: int) -> Edit:
    return lambda folder: setattr(folder, "cases", [folder.cases[number - 1] for number in numbers])


def file(name: str, raw: bytes) -> Edit:
    return lambda folder: folder.files.update({name: raw})


def named(slug: str, *siblings: str) -> Edit:
    return lambda folder: (setattr(folder, "slug", slug), setattr(folder, "siblings", siblings))


def both(*edits: Edit) -> Edit:
    return lambda folder: [edit(folder) for edit in edits]


LICENCES = "licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}"
CREDITS = "credits: [{name: Example Org, role: author}]\n"
LONG = " ".join(f"word{n:05}" for n in range(9000))

EDITS: dict[str, tuple[Edit, Edit]] = {
    "P001": (text("---\ntitle", "title"), text("---\ntitle", "---  \ntitle")),
    "P002": (front("title: Twice"), front("# title: a comment")),
    "P003": (text("title: Spam\n", ""), text("summary: Tells spam from ordinary talk.\n", "")),
    "P004": (text("status: experimental", "status: new"), text("status: experimental", "status: stable")),
    "P005": (text("role: author", "rule: author"), text("role: author", "role: editor")),
    "P006": (file("Annex.md", b"A."), both(front("attachments: [{file: a-1.md}]"), file("a-1.md", b"A."))),
    "P007": (file("policy.md", b"a" * 262_145), file("policy.md", b"a" * 262_144)),
    "P008": (file("cases.jsonl", b"\xff\n"), case(1, content="Überfahrt zum Hafen?")),
    "P009": (front("attachments: [{file: a-1.md}]"), front("attachments: []")),
    "P010": (file("cases.jsonl", b"{]\n"), file("cases.jsonl", b'{"id": "1", "content": "a"}\n')),
    "P011": (case(1, slices="short"), case(1, slices=["short"])),
    "P012": (case(2, id="1"), case(2, id="1b")),
    "P020": (named("Spam"), named("spam-policy")),
    "P021": (named("spam-1", "spam-l"), named("spam-one", "spam-l")),
    "P022": (named("scams", "scam"), named("scams", "spam")),
    "P025": (front("sumary: A slip"), front("terms: https://example.org/terms")),
    "P026": (
        both(named("spam-de"), front("translation_of: {policy: roost/spam, version: 1.0.0}")),
        both(named("spam-en"), front("translation_of: {policy: roost/spam, version: 1.0.0}")),
    ),
    "P027": (
        front("translation_of: {policy: roost/pub}"),
        front("translation_of: {policy: roost/pub, version: 1.0.0}"),
    ),
    "P028": (
        text("status: experimental", "status: deprecated"),
        text("status: experimental", "status: deprecated\nsupport: {reason: Merged into roost/scams.}"),
    ),
    "P029": (text("[ana]", "[ana@example.org]"), text("[ana]", "[ana-0000-0002-1825-0097]")),
    "P030": (text("spam, violates: false", "spam, violates: true"), front("# no change")),
    "P031": (text("## SP1 Promotion\n", ""), text("## SP1 Promotion\n", "### SP1: Promotion\n")),
    "P032": (
        text("Promotion that nobody asked for.\n- A plug off the topic: ", "- "),
        text("Promotion that nobody asked for.\n", ""),
    ),
    "P033": (rule_text("Doubt lowers SP4 by one."), rule_text("An MP3 file on A4 paper is not SP1.")),
    "P034": (text("severity: 2", "severity: 1"), text("severity: 2", "severity: 3")),
    "P035": (text("handling: review", "handling: allow"), text("handling: review", "handling: escalate")),
    "P036": (text(": “The shop behind the station mends such wheels.”", "."), text("wheels", "bikes")),
    "P040": (file("cases.jsonl", b"\n"), keep(1)),
    "P041": (keep(2, 4), keep(1, 4)),
    "P042": (case(4, status="todo"), case(4, status="active")),
    "P043": (case(1, label="SP7"), case(1, label="SP1")),
    "P044": (case(1, label=" "), case(1, label="SP0")),
    "P045": (
        add(content="Half price today.", labels={"SP1": 1}),
        add(content="Half price today.", annotations=[{"by": "A1", "label": "SP1"}]),
    ),
    "P046": (case(3, label="SP1"), case(3, label="SP2")),
    "P047": (case(4, sensitive=True), case(4, sensitive=False)),
    "P048": (
        text("content_warnings: []", "content_warnings: [hate]"),
        both(text("content_warnings: []", "content_warnings: [hate]"), case(4, sensitive=True)),
    ),
    "P050": (
        add(content="which bus goes to  the harbour on Sundays?"),
        add(content="Which bus goes to the harbour on Sundays?", context="Ada: our ferry is cheaper."),
    ),
    "P051": (
        add(content="Which bus goes to the harbour on Mondays?"),
        add(content="A bus to the harbour?"),
    ),
    "P052": (
        add(content="sad news; by the way my candles are half price"),
        add(content="My soap costs less than in town."),
    ),
    "P053": (
        add(content="Sad news. By the way, my candles are half off."),
        add(content="Sad news: the candles are gone."),
    ),
    "P060": (rule_text("Cats, dogs. " * 300), rule_text("Cats, dogs. " * 100)),
    "P061": (rule_text(LONG), rule_text("Cats, dogs. " * 300)),
    "P062": (rule_text("Bots are usually spam."), rule_text("“Bots are usually spam” is SP0.")),
    "P063": (rule_text("TODO: say more."), rule_text("A to-do list is SP0.")),
    "P064": (rule_text("Answer with the label only."), rule_text("An answer to a question is SP0.")),
    "P065": (
        both(rule_text("Output: VALID or INVALID"), text("Talk without", "Return JSON.\nTalk without")),
        both(rule_text("Output: VALID"), text("Talk without", "Output: INVALID\nTalk without")),
    ),
    "P070": (rule_text("Doubt \u202eis SP1\u202c."), rule_text("A family 👨\u200d👩\u200d👧 is SP0.")),
    "P071": (case(1, content="Which b\u200bus goes?"), case(1, content="می\u200cخواهم بروم")),
    "P072": (rule_text("<!-- SP1 it is. -->"), rule_text("The tag `<b>` is SP0; 1 < 2 and 3 > 2.")),
    "P073": (rule_text("![a](https://example.org/a.png)"), rule_text("[a](https://example.org/a.png)")),
    "P074": (rule_text("[a](javascript:alert(1))"), rule_text("[a](https://example.org/javascript:1)")),
    "P075": (rule_text("Then <|end|> follows."), rule_text("Either | or < or > follows.")),
    "P080": (
        text(LICENCES, "licenses: {text: CC-BY-4.0}"),
        text(LICENCES, "licenses: {text: MIT, cases: MIT}"),
    ),
    "P081": (text("cases: CC-BY-4.0", "cases: CC-BY-5.0"), text("cases: CC-BY-4.0", "cases: cc0-1.0")),
    "P082": (case(1, license="CC-BY-NC-4.0"), case(1, license="CC0-1.0")),
    "P083": (text("text: CC-BY-4.0", "text: CC-BY-ND-4.0"), text("text: CC-BY-4.0", "text: CC-BY-SA-4.0")),
    "P084": (
        text(CREDITS, ""),
        both(text(CREDITS, ""), text(LICENCES, "licenses: {text: CC0-1.0, cases: CC0-1.0}")),
    ),
    "P085": (
        text("cases: CC-BY-4.0", "cases: LicenseRef-Ours"),
        text("cases: CC-BY-4.0", "cases: LicenseRef-Ours OR CC-BY-4.0"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", EDITS)
def test_each_rule_finds_what_it_is_for(folder: Any, rule: str) -> None:
    """The spoiled folder gives the rule's finding, with the rule's severity, a real line and a fix."""
    EDITS[rule][0](folder)
    found = [finding for finding in folder.lint() if finding.rule == rule]
    assert found, f"{rule} found nothing among {[str(other) for other in folder.lint()]}"
    assert {finding.severity for finding in found} == {RULES[rule].severity}
    for finding in found:
        raw = folder.files.get(finding.file, folder.policy.encode())
        lines = len(folder.cases) if finding.file == "cases.jsonl" else raw.count(b"\n") + 1
        assert 0 <= finding.line <= lines
        assert re.fullmatch(r"\S.*[.”…)]", finding.message), finding.message
        assert re.fullmatch(r"[A-Z`'].+\.", finding.fix), finding.fix


@pytest.mark.parametrize("rule", EDITS)
def test_each_rule_lets_the_near_miss_pass(folder: Any, rule: str) -> None:
    """The folder that is close to wrong, and right, gives no finding of the rule."""
    EDITS[rule][1](folder)
    assert [str(finding) for finding in folder.lint() if finding.rule == rule] == []


def test_no_rule_is_without_its_two_tests() -> None:
    """A rule added to RULES has to be added here."""
    assert sorted(EDITS) == sorted(RULES)


def test_the_folder_that_all_start_from_is_clean(folder: Any) -> None:
    """Otherwise a near miss could pass for another reason."""
    assert folder.lint() == ()


def test_the_documentation_lists_every_rule_with_its_severity_and_title() -> None:
    """The table of policies/README.md and RULES say the same, both ways."""
    readme = Path(__file__).parents[4] / "policies" / "README.md"
    rows = re.findall(
        r"^\| (P\d{3}) \| (\w+) \| ([^|]+) \|", readme.read_text(encoding="utf-8"), re.MULTILINE
    )
    listed = {rule: (severity, title.strip()) for rule, severity, title in rows}
    assert len(listed) == len(rows)
    assert listed == {rule.id: (rule.severity.value, rule.title) for rule in RULES.values()}


def test_ids_are_distinct_and_in_order() -> None:
    """An id stands for one rule; the table is read top to bottom."""
    assert list(RULES) == sorted(RULES)
    assert all(rule.id == key for key, rule in RULES.items())
    assert len({rule.title for rule in RULES.values()}) == len(RULES)
