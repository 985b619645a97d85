"""What a policy gives to learn from."""

from __future__ import annotations

from evaluations.engines.training import LabelledText, labelled_texts
from tests.unit.evaluations.builders import policy_of

COPE = """\
---
title: Insults
licenses: {text: CC-BY-4.0}
labels:
  - {code: OK, title: No insult, violates: false}
  - {code: INSULT, title: Insult, violates: true}
---
# Insults

## INSULT Insult
Words that put a person down.

### Includes
- Name-calling: “You fool”

### Excludes
- Self-mockery: “Silly me”

## OK No insult
- Praise: “Well done”

# Notes
Nothing about labels.
"""

PLAIN = """\
---
title: Plain
licenses: {text: CC-BY-4.0}
labels:
  - {code: SP0, title: Fine, violates: false}
  - {code: SP2, title: Spam, violates: true}
---
Plain policy. Everything is in paragraphs, so that nothing in it is a heading of its own at all.

Things that are fine to post and belong to the label SP0 as they are useful to readers
Useful content.
SP0.a Question - “How do I do this?”

Things that are spam and belong to the label SP2 as nobody asked for them to be posted
SP2.a Advert - “Buy here”

If unclear, SP0 or SP2 may apply and a reader has to decide.
Spam: nobody asked.
"""


def test_examples_items_and_whole_sections_are_learned_from() -> None:
    """Each label's section gives its quoted examples, its list items and its text with the heading."""
    texts = [piece.text for piece in labelled_texts(policy_of()) if piece.code == "AD1"]
    assert texts[:2] == ["Cheap watches for sale, buy one today.", "Visit my shop and buy a candle."]
    assert texts[2].startswith("Offer: ")
    assert texts[-1].startswith("AD1 Advertising in the wrong place\nA single offer")
    assert len(texts) == 5


def test_what_a_label_excludes_does_not_teach_it() -> None:
    """Subsections belong to the label above them, save the one that says what it is not."""
    insult = [piece.text for piece in labelled_texts(policy_of(COPE)) if piece.code == "INSULT"]
    assert "You fool" in insult
    assert not [text for text in insult if "Silly me" in text]
    assert not [piece for piece in labelled_texts(policy_of(COPE)) if "Nothing about labels" in piece.text]


def test_a_text_without_headings_gives_the_lines_of_each_code() -> None:
    """Lines that name one severity code belong to it with those that follow; lines that name two to none."""
    texts = labelled_texts(policy_of(PLAIN))
    assert LabelledText("SP0", "How do I do this?") in texts
    assert LabelledText("SP2", "Buy here") in texts
    assert LabelledText("SP0", "Useful content.") in texts
    assert not [piece for piece in texts if "nobody asked." in piece.text]


def test_codes_that_are_words_are_not_looked_for_in_plain_text() -> None:
    """Without sections, a label called OK has nothing to learn from."""
    assert labelled_texts(policy_of(COPE.partition("\n# Insults")[0] + "\nIt is OK to be kind.\n")) == ()


def test_a_heading_alone_teaches_nothing() -> None:
    """A label whose section is still empty has no text."""
    policy = policy_of(COPE.partition("## OK")[0] + "## OK No insult\n")
    assert {piece.code for piece in labelled_texts(policy)} == {"INSULT"}
