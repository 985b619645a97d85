"""Sections, codes, dialects and quoted examples."""

from __future__ import annotations

import time

import pytest

from policies.limits import LIMITS
from policies.markdown import code_in, is_excludes, is_includes, quoted_in, sections_of, sections_under
from policies.model import Dialect, Item, Section

SEVERITY = """Read this first.

# Goal
Decide.

## SP0 Not spam
Ordinary talk.
- Thanks: “thank you”
- Asking
  over two lines: “when?”
  - nested: "inner"

## SP2 Likely spam ##
1. Cold promotion: «buy»


Ambiguity
---------
- None.
"""

COPE = """## Definition of Labels
### (HS): Hate speech
#### Includes
- Slurs
#### Excludes
- Quoting, such as “he said [slur]”
### (NV): No violation
**Includes:**

- All the rest

**Excludes:**
- Nothing
"""


def test_sections_have_headings_lines_and_items() -> None:
    """Each heading begins a section with its lines in the file; text above the first is one too."""
    outline = sections_of(SEVERITY, 10, ("SP0", "SP2"))
    assert outline.dialect is Dialect.SEVERITY_CODES
    assert outline.sections == (
        Section(
            heading="", level=0, code=None, text="Read this first.", items=(), first_line=10, last_line=10
        ),
        Section(heading="Goal", level=1, code=None, text="Decide.", items=(), first_line=12, last_line=13),
        Section(
            heading="SP0 Not spam",
            level=2,
            code="SP0",
            text=(
                "Ordinary talk.\n- Thanks: “thank you”\n- Asking\n  over two lines: “when?”\n"
                '  - nested: "inner"'
            ),
            items=(
                Item(text="Thanks: “thank you”", line=17, examples=("thank you",)),
                Item(text="Asking over two lines: “when?”", line=18, examples=("when?",)),
                Item(text='nested: "inner"', line=20, examples=("inner",)),
            ),
            first_line=15,
            last_line=20,
        ),
        Section(
            heading="SP2 Likely spam",
            level=2,
            code="SP2",
            text="1. Cold promotion: «buy»",
            items=(Item(text="Cold promotion: «buy»", line=23, examples=("buy",)),),
            first_line=22,
            last_line=23,
        ),
        Section(
            heading="Ambiguity",
            level=2,
            code=None,
            text="- None.",
            items=(Item(text="None.", line=28),),
            first_line=26,
            last_line=28,
        ),
    )


def test_includes_and_excludes_are_read() -> None:
    """In the CoPE layout both headings and bold paragraphs part what a label covers from what not."""
    outline = sections_of(COPE, 1, ("NV", "HS"))
    assert outline.dialect is Dialect.INCLUDES_EXCLUDES
    assert [(section.heading, section.level, section.code) for section in outline.sections] == [
        ("Definition of Labels", 2, None),
        ("(HS): Hate speech", 3, "HS"),
        ("Includes", 4, None),
        ("Excludes", 4, None),
        ("(NV): No violation", 3, "NV"),
        ("Includes:", 4, None),
        ("Excludes:", 4, None),
    ]
    under = sections_under(outline.sections, "NV")
    assert [section.heading for section in under] == ["(NV): No violation", "Includes:", "Excludes:"]
    assert [is_includes(section) for section in under] == [False, True, False]
    assert [is_excludes(section) for section in under] == [False, False, True]
    assert [item.text for item in under[1].items] == ["All the rest"]
    assert sections_under(outline.sections, "XX") == ()


def test_bold_line_with_a_code_serves_as_heading() -> None:
    """Some writers use bold lines for headings; only those that name a label count."""
    outline = sections_of("**SP2: Likely spam**\n\n- x\n\n**Note**\n\ntext\n", 1, ("SP2",))
    assert [(section.heading, section.code, section.last_line) for section in outline.sections] == [
        ("SP2: Likely spam", "SP2", 7)
    ]


def test_line_that_begins_a_list_serves_as_heading() -> None:
    """`Includes:` above a list is a heading in all but form; a sentence that mentions it is not."""
    body = "Includes:\n- a\n\nThis sentence includes: nothing.\n"
    assert [section.heading for section in sections_of(body).sections] == ["Includes:"]


@pytest.mark.parametrize("body", ["", "\n\n", "   \n\t\n"])
def test_blank_text_has_no_sections(body: str) -> None:
    """Nothing in, nothing out."""
    outline = sections_of(body)
    assert (outline.sections, outline.dialect) == ((), Dialect.FREE)


def test_text_without_headings_is_one_free_section() -> None:
    """A bare text is a single section of the free dialect."""
    outline = sections_of("Spam is bad.\n\n- “buy”\n")
    assert outline.dialect is Dialect.FREE
    assert [(section.heading, section.examples) for section in outline.sections] == [("", ("buy",))]


def test_headings_in_code_quotes_and_lists_are_text() -> None:
    """Only headings of the text itself part it."""
    body = "# A\n```\n# not\n```\n> # not\n\n- # not\n\n    # not\n"
    assert [section.heading for section in sections_of(body).sections] == ["A"]


def test_line_ends_do_not_change_sections() -> None:
    """Line ends of Windows and old Macs give the same lines."""
    expected = sections_of(SEVERITY, 10, ("SP0", "SP2"))
    assert sections_of(SEVERITY.replace("\n", "\r\n"), 10, ("SP0", "SP2")) == expected
    assert sections_of(SEVERITY.replace("\n", "\r"), 10, ("SP0", "SP2")) == expected


def test_raw_html_is_text() -> None:
    """HTML is neither run nor hidden: it stands in the section's text."""
    (section,) = sections_of("# A\n<script>\n# still a heading?\n</script>\n").sections[:1]
    assert "<script>" in section.text


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("SP0 Not spam", "SP0"),
        ("SP0: Not spam", "SP0"),
        ("SP0 - Not spam", "SP0"),
        ("SP0 – Not spam", "SP0"),
        ("SP0", "SP0"),
        ("SP0.", "SP0"),
        ("(SP0) Not spam", "SP0"),
        ("[SP0] Not spam", "SP0"),
        ("✅ SP0 Not spam", "SP0"),
        ("Label SP0", "SP0"),
        ("Not spam (SP0)", "SP0"),
        ("Allowed Content (SP0 – Non-Spam or very low confidence)", "SP0"),
        ("Not spam – SP0", "SP0"),
        ("SP01 Something", "SP01"),
        ("SP0.a Useful", None),
        ("SP0-a Useful", None),
        ("SP0x", None),
        ("sp0 Not spam", None),
        ("About SP0", None),
        ("Goal", None),
        ("", None),
        ("C++ Code", "C++"),
    ],
)
def test_code_of_a_heading(heading: str, code: str | None) -> None:
    """A heading gives its section to a label when it names the code in one of the known places."""
    assert code_in(heading, ("SP0", "SP01", "C++")) == code


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("“a” and “b”", ("a", "b")),
        ('say "hi" or "ho"', ("hi", "ho")),
        ("«un» « deux »", ("un", "deux")),
        ("„eins“ und „zwei”", ("eins", "zwei")),
        ("»eins« und »zwei«", ("eins", "zwei")),
        ("”ett” eller ”två”", ("ett", "två")),
        ("「一」", ("一",)),
        ("“Third ‘buy’ message. Don’t.”", ("Third ‘buy’ message. Don’t.",)),
        ("“5 \\* 3 \\_x\\_”", ("5 * 3 _x_",)),
        ("a “ b", ()),
        ("“”", ()),
        ("“ ”", ()),
        ("no quotes, it's plain", ()),
    ],
)
def test_quotes_of_many_languages_are_found(text: str, quotes: tuple[str, ...]) -> None:
    """Curly, straight, angled and low quotes are examples; apostrophes are not."""
    assert quoted_in(text) == quotes


# fmt: off
REPEATED = [
    "[", ">", "> ", "- ", "1. ", ">\n", "- a\n", "#\n", "# a\n", "a\n=\n\n", "a\n", "> - a\n", "“", "„«\"",
    "**", "```\n", "\r", "\0", "* * *\n", "**Includes**\n\n", "(", "|a|b|\n", "<a", "[a]: b\n", "\\",
]
# fmt: on


@pytest.mark.parametrize("unit", REPEATED)
def test_hostile_repetition_is_read_in_bounded_time(unit: str) -> None:
    """A text made of one mark neither hangs nor exhausts the stack (measured: 0.7 s at worst)."""
    began = time.perf_counter()
    sections_of("- " + unit * (LIMITS.policy_bytes // 4 // len(unit.encode())), 1, ("SP0",))
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("unit", ["[", ">", "> ", "- ", "“", "(", "\\"])
def test_hostile_line_of_the_full_size_is_read_at_once(unit: str) -> None:
    """One line as long as a file may be is no more work than its length."""
    began = time.perf_counter()
    sections_of("# " + unit * (LIMITS.policy_bytes // len(unit.encode())), 1, ("SP0",))
    assert time.perf_counter() - began < 5


def test_deeply_indented_lists_are_read() -> None:
    """Seven hundred levels of indentation end at the parser's own limit."""
    body = "".join(" " * depth + "- a\n" for depth in range(700))
    (section,) = sections_of(body).sections
    assert section.items[0] == Item(text="a", line=1)
