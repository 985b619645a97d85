"""The template of a new policy."""

from __future__ import annotations

import re

import pytest

from policies.errors import InvalidNameError
from policies.findings import Severity
from policies.lint import lint_folder
from policies.scaffold import new_policy_files

# What an author writes, in the order in which the placeholders stand.
POLICY_WORDS = """\
Decides whether a seller describes an item truthfully.
ana
Example Org
True listing
Misleading listing
Invented listing
Decide whether a listing describes its item truthfully. Prices and taste are not judged.
**Listing**: a text that offers one item for sale.
The description fits the item as far as the text shows.
Flaws are named
Used kettle, the lid sticks
Praise of the seller's own making
I carved this owl myself and love it
The text leaves out or twists what a buyer needs to know.
Old goods sold as new
New shoes, worn one summer
Size or amount left open on purpose
A pile of bricks, enough for you
The item does not exist, or is not the seller's.
Payment before any proof
Send half now and I may show a photo
Goods of another person
My flatmate's bike, she is away
A flaw that is named makes it {0}.
Deceit about the item is {1}, about its being there {2}.
A quoted listing takes the label of the listing itself.
""".splitlines()
CASE_WORDS = """\
Blue sofa, one leg replaced last year.
The repair is named.
Blue sofa, like new in every part.
The repair is left out.
Not a bargain: this clock runs five minutes slow.
It reads like a joke and is true.
Fits every phone, I am fairly sure of that, no returns.
The claim cannot be true.
Concert seats for tonight, pay first, pick up tomorrow.
Nobody can use the seats tomorrow.
Dear buyer, kindly transfer the deposit for the van you asked about.
Nobody asked, and there is no van.
""".splitlines()


def _filled(raw: bytes, words: list[str], code: str) -> bytes:
    replies = iter(word.format(f"{code}0", f"{code}1", f"{code}2") for word in words)
    text = re.sub(r"TODO:[^\"”\n]*?(?=: “|[\"”\n])", lambda _match: next(replies), raw.decode())
    assert next(replies, None) is None, "more words than placeholders"
    return text.encode()


def test_the_template_lints_clean_once_it_is_filled_in() -> None:
    """Replacing the placeholders is all that an author has to do."""
    files = new_policy_files("true-listings", "True listings", year=2026)
    filled = {
        "policy.md": _filled(files["policy.md"], POLICY_WORDS, "TL"),
        "cases.jsonl": _filled(files["cases.jsonl"], CASE_WORDS, "TL"),
    }
    assert [str(finding) for finding in lint_folder("true-listings", filled)] == []


def test_each_placeholder_is_an_error_until_then() -> None:
    """Nothing but placeholders is wrong with the template, and none of its lines is missed."""
    files = new_policy_files("true-listings", "True listings", year=2026)
    findings = lint_folder("true-listings", files)
    assert {(finding.rule, finding.severity) for finding in findings} == {("P063", Severity.ERROR)}
    lines = {
        (name, number)
        for name, raw in files.items()
        for number, line in enumerate(raw.decode().split("\n"), start=1)
        if "TODO" in line
    }
    assert {(finding.file, finding.line) for finding in findings} == lines


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("true-listings", "TL0"),
        ("spam", "SP0"),
        ("hate-speech-de", "HS0"),
        ("x", "PL0"),
        ("3d-prints", "DP0"),
        ("4", "PL0"),
    ],
)
def test_codes_come_from_the_name(slug: str, code: str) -> None:
    """Two letters of it, or PL when it has too few."""
    assert f"code: {code}," in new_policy_files(slug, "T", year=2026)["policy.md"].decode()


def test_a_title_is_quoted_as_yaml_needs() -> None:
    """A title may hold colons, quotes and backslashes."""
    title = 'Lies: "true" \\ false #1'
    policy = new_policy_files("lies", title, year=2026)["policy.md"]
    assert r'title: "Lies: \"true\" \\ false #1"' in policy.decode()
    assert b"2026" in policy


@pytest.mark.parametrize(("slug", "title"), [("Lies", "T"), ("api", "T"), ("lies", " "), ("lies", "a\nb")])
def test_bad_names_and_titles_are_refused(slug: str, title: str) -> None:
    """Before anything is written."""
    with pytest.raises(InvalidNameError):
        new_policy_files(slug, title, year=2026)
