"""Sections of texts that were written without Markdown headings."""

from __future__ import annotations

import time

import pytest

from policies.limits import LIMITS
from policies.markdown import is_excludes, is_includes, sections_of, sections_under
from policies.model import Dialect, Item
from policies.plain_headings import is_item_of

CODES = ("NO0", "NO1", "NO4")

PASTED = """Noise rules (#NO)
PURPOSE: Find noise.

TERMS
Noise: sound that nobody asked for.

✅ Wanted sound (NO0 – Quiet, or asked for)
Sound that its listeners chose.
NO0.a Lullaby – “Sleep well,
little one.”


NO0.b Question – “Shall I play on?”
 ✅ Output: QUIET (NO0)

🔔 Nuisance (NO1 – Medium)
Sound that some would rather not hear.
• Humming – “Mmm mmm.”
 🔔 Output: NOISE


🚨 Alarm (NO4 – Highest)
NO4.a Drilling – “Brrr.”

ANSWER FORM
Two letters.
 | Sound | Answer |
 | “Hum” | D-NO1, R-NO0 |

DOUBT
If it stops → NO1 or lower.
If it hurts the ears → choose NO4.
"""

BOLD = """# Noise

## Not allowed

**NO1: Humming.**
Sound that goes on and on.

Examples:
- “Mmm mmm.”

**NO4: Drilling - call the landlord.**
Sound that shakes the wall.

## Allowed

**NO0: Anything else.**
Sound that is neither NO1 nor NO4.
"""


def _coded(body: str, codes: tuple[str, ...] = CODES) -> list[tuple[str, str]]:
    return [(each.code, each.heading) for each in sections_of(body, 1, codes).sections if each.code]


def test_plain_lines_head_the_sections_of_a_pasted_text() -> None:
    """A line with a code in brackets heads a label's section, one in capitals a section of its own."""
    outline = sections_of(PASTED, 10, CODES)
    assert outline.dialect is Dialect.SEVERITY_CODES
    assert [(each.heading, each.code, each.first_line, each.last_line) for each in outline.sections] == [
        ("", None, 10, 11),
        ("TERMS", None, 13, 14),
        ("✅ Wanted sound (NO0 – Quiet, or asked for)", "NO0", 16, 23),
        ("🔔 Nuisance (NO1 – Medium)", "NO1", 25, 28),
        ("🚨 Alarm (NO4 – Highest)", "NO4", 31, 32),
        ("ANSWER FORM", None, 34, 37),
        ("DOUBT", None, 39, 41),
    ]
    assert {each.level for each in outline.sections[1:]} == {1}


def test_criteria_on_plain_lines_are_items() -> None:
    """Lines that begin with a sub-code or a printed bullet are items; a wrapped one goes on."""
    items = {each.code: each.items for each in sections_of(PASTED, 10, CODES).sections if each.code}
    assert items == {
        "NO0": (
            Item(
                text="NO0.a Lullaby – “Sleep well, little one.”",
                line=18,
                examples=("Sleep well, little one.",),
            ),
            Item(text="NO0.b Question – “Shall I play on?”", line=22, examples=("Shall I play on?",)),
        ),
        "NO1": (Item(text="• Humming – “Mmm mmm.”", line=27, examples=("Mmm mmm.",)),),
        "NO4": (Item(text="NO4.a Drilling – “Brrr.”", line=32, examples=("Brrr.",)),),
    }


def test_bold_lines_head_the_text_below_them() -> None:
    """A bold first line of a paragraph is a heading, one level below the true heading above it."""
    outline = sections_of(BOLD, 1, CODES)
    assert outline.dialect is Dialect.SEVERITY_CODES
    assert [(each.heading, each.level, each.code, each.text) for each in outline.sections] == [
        ("Noise", 1, None, ""),
        ("Not allowed", 2, None, ""),
        ("NO1: Humming.", 3, "NO1", "Sound that goes on and on.\n\nExamples:\n- “Mmm mmm.”"),
        ("NO4: Drilling - call the landlord.", 3, "NO4", "Sound that shakes the wall."),
        ("Allowed", 2, None, ""),
        ("NO0: Anything else.", 3, "NO0", "Sound that is neither NO1 nor NO4."),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("NO0 Wanted", "NO1 Humming"),
        ("NO0", "NO1"),
        ("NO0: Sound that is wanted.", "NO1: sound that goes on."),
        ("NO0 – Wanted", "NO1 - Humming"),
        ("(NO0) Wanted", "[NO1] Humming"),
        ("Wanted (NO0)", "🔔 Humming (NO1: mild)"),
        ("Wanted – NO0", "Humming – NO1"),
        ("Label NO0: Wanted", "Level NO1"),
    ],
)
def test_the_places_of_a_code(first: str, second: str) -> None:
    """A code may stand in front, in brackets or behind a dash."""
    body = f"{first}\nText.\n\n{second}\nText.\n"
    assert _coded(body) == [("NO0", first), ("NO1", second)]


@pytest.mark.parametrize(
    "line",
    [
        "NO1 applies to humming",
        "NO1 is what humming gets.",
        "NO1's neighbours",
        "NO1.a Humming",
        "NO1.a Humming (NO1)",
        "Humming is loud (NO1).",
        "Humming, or NO0 (NO1)",
        "“Mmm” (NO1)",
        "Humming -> ask again – NO1",
        "Output: noise (NO1)",
        "| Humming (NO1) |",
        "| Humming | (NO1)",
        "• Humming (NO1)",
        "- NO1 Humming",
        "> NO1 Humming",
        "    NO1 Humming",
    ],
)
def test_sentences_examples_and_rows_head_nothing(line: str) -> None:
    """A line that only speaks of a code stays text, also where other lines are headings."""
    body = f"NO0 Wanted\nText.\n\n{line}\n\nText.\n\nNO4 Drilling\nText.\n"
    assert _coded(body) == [("NO0", "NO0 Wanted"), ("NO4", "NO4 Drilling")]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Whoever hums in the staircase after ten is given the label\nNO1 (Humming)\n",
        "NO1 Humming and whistling in the staircase or in the yard\nafter ten in the evening\n",
    ],
)
def test_a_line_of_wrapped_prose_heads_nothing(paragraph: str) -> None:
    """A code at the beginning of a line may be there because the line above was full."""
    body = f"NO0 Wanted\nText.\n\n{paragraph}\nNO4 Drilling\nText.\n"
    assert _coded(body) == [("NO0", "NO0 Wanted"), ("NO4", "NO4 Drilling")]


@pytest.mark.parametrize("between", ["\n", "\n\n\n"])
def test_a_legend_defines_nothing(between: str) -> None:
    """Lines that only list the codes one after another head nothing, wherever they stand."""
    legend = between.join(("NO0: Wanted", "NO1: Humming", "NO4: Drilling"))
    assert _coded(f"{legend}\n\nText about noise.\n") == []
    headed = "NO0 Wanted\nText.\n\nNO1 Humming\nText.\n"
    assert _coded(f"{legend}\n\nText.\n\n{headed}") == [("NO0", "NO0 Wanted"), ("NO1", "NO1 Humming")]


def test_one_plain_line_alone_may_be_a_sentence() -> None:
    """Two labels need such a line, unless the policy has a single one."""
    body = "About noise.\n\nNO1 Humming\nText.\n"
    assert _coded(body) == []
    assert _coded(body, ("NO1",)) == [("NO1", "NO1 Humming")]


def test_the_surest_headings_are_the_headings() -> None:
    """Where true headings name codes, or bold lines name two, plain lines are text."""
    plain = "\n\nNO4 Drilling\nText.\n\nNO1 Humming\nText.\n"
    assert _coded(f"# NO0 Wanted\nText.{plain}") == [("NO0", "NO0 Wanted")]
    bold = "**NO0 Wanted**\nText.\n\n**NO1 Humming**\nText."
    assert _coded(f"{bold}{plain}") == [("NO0", "NO0 Wanted"), ("NO1", "NO1 Humming")]


@pytest.mark.parametrize("codes", [(), ("0", "1"), ("OK", "BAD")])
def test_codes_that_are_words_or_numbers_are_not_looked_for(codes: tuple[str, ...]) -> None:
    """A number begins a list and a word begins a sentence, so a mark has to set them off."""
    body = "0 Zero\nText.\n\n1 One\nText.\n\nOK Then\nText.\n\nBAD Luck\nText.\n"
    assert sections_of(body, 1, codes).dialect is Dialect.FREE


def test_codes_that_are_words_are_found_behind_a_mark() -> None:
    """A colon, a dash or brackets make a heading of any code."""
    body = "OK: Wanted sound\nText.\n\nHumming (BAD)\nText.\n"
    assert _coded(body, ("OK", "BAD")) == [("OK", "OK: Wanted sound"), ("BAD", "Humming (BAD)")]


def test_capitals_that_come_again_part_no_section() -> None:
    """A line such as EXAMPLES stands under each label and belongs to it."""
    body = "NO0 Wanted\nText.\n\nEXAMPLES\n\n- a\n\nNO1 Humming\nText.\n\nEXAMPLES\n\n- b\n\nDOUBT\n\nText.\n"
    assert [(each.heading, len(each.items)) for each in sections_of(body, 1, CODES).sections] == [
        ("NO0 Wanted", 1),
        ("NO1 Humming", 1),
        ("DOUBT", 0),
    ]


@pytest.mark.parametrize(
    "line", ["KEEP IT DOWN!", "“KEEP IT DOWN”", "SEE NO4", "| KEEP | DOWN", "MP3", "Keep DOWN"]
)
def test_other_lines_in_capitals_are_text(line: str) -> None:
    """Shouted sentences, quotes, rows and lines that speak of a code head nothing."""
    body = f"NO0 Wanted\nText.\n\n{line}\nText.\n\nNO1 Humming\nText.\n"
    assert [each.heading for each in sections_of(body, 1, CODES).sections] == ["NO0 Wanted", "NO1 Humming"]


def test_capitals_alone_are_no_layout() -> None:
    """Without a line for a code, a line in capitals is text."""
    assert [each.heading for each in sections_of("TERMS\nText.\n", 1, CODES).sections] == [""]


def test_includes_stand_below_the_plain_line_of_their_label() -> None:
    """Both lists belong to the label above, as they do under true headings."""
    body = "NO0 Wanted\nText.\n\nNO1 Humming\n\nIncludes:\n- a\n\nExcludes:\n- b\n\nDOUBT\n\nText.\n"
    outline = sections_of(body, 1, CODES)
    assert outline.dialect is Dialect.INCLUDES_EXCLUDES
    _, includes, excludes = sections_under(outline.sections, "NO1")
    assert (is_includes(includes), is_excludes(excludes)) == (True, True)


def test_lines_of_no_break_spaces_move_nothing() -> None:
    """Word processors leave such lines; Markdown takes them for text."""
    body = "\u00a0\nNO0 Wanted\nText.\n\u00a0\nNO1 Humming\nNO1.a Tune – “La la.”\n\u00a0\nDOUBT\nText.\n"
    sections = sections_of(body, 1, CODES).sections
    assert [(each.heading, each.first_line) for each in sections] == [
        ("NO0 Wanted", 2),
        ("NO1 Humming", 5),
        ("DOUBT", 8),
    ]
    assert sections[1].items == (Item(text="NO1.a Tune – “La la.”", line=6, examples=("La la.",)),)


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("NO1.a Tune", True),
        ("NO1-a Tune", True),
        ("NO1a Tune", True),
        ("NO1.12: Tune", True),
        ("**NO1.a Tune**", True),
        ("• Tune", True),
        ("NO1 Tune", False),
        ("NO10 Tune", False),
        ("NO1.Tune", False),
        ("NO4.a Tune", False),
        ("Tune", False),
    ],
)
def test_items_begin_with_a_sub_code_or_a_bullet(line: str, item: bool) -> None:
    """A sub-code is the label's code with a short ending."""
    assert is_item_of("NO1", line) is item


# fmt: off
REPEATED = [
    "NO0\n", "NO0\nx\nNO1\ny\n", "Not (NO0)\nx\n", "NO0.a “x”\n", "**NO0: x**\ny\n", "NO0 ", "• x\n",
    "ABCD\n\n", "x – NO0\ny\n", "NO0 – ", "(NO0 ", "a_",
]
# fmt: on


@pytest.mark.parametrize("unit", REPEATED)
def test_hostile_repetition_is_read_in_bounded_time(unit: str) -> None:
    """A text of full size made of one line stays linear to read (measured: 1.7 s at worst)."""
    body = "NO0 a\nb\n\nNO1 c\nd\n\n" + unit * (LIMITS.policy_bytes // len(unit.encode()))
    began = time.perf_counter()
    sections_of(body, 1, CODES)
    assert time.perf_counter() - began < 15


def test_many_codes_are_read_in_bounded_time() -> None:
    """Thousands of labels, each with a line of its own, cost seconds at most (measured: 2 s)."""
    codes = tuple(f"Q{number}" for number in range(2_000))
    body = "".join(f"{code} Title\ntext\n\n" for code in codes) * 5
    began = time.perf_counter()
    assert len(sections_of(body, 1, codes).sections) == 10_000
    assert time.perf_counter() - began < 20
