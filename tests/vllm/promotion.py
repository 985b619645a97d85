"""A policy with cases that a small model can learn to apply: which of a few words stand in the content.

Two versions that differ in one rule, so that comparing them shows real flips.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from policies.cases import CASES_FILE, render_cases
from policies.folder import PolicyFolder, load_folder
from policies.front_matter import POLICY_FILE
from policies.model import Case

SLUG = "promotion"
HARMLESS, PROMOTION = "PR0", "PR1"

_PLAIN = """
please thanks dinner game recipe family weekend weather meeting train book garden music report school coffee
travel photo question answer window river bread letter morning bicycle
"""
PLAIN = tuple(_PLAIN.split())
LISTED = ("casino", "crypto", "followers", "lottery", "jackpot")
"""Always promotion."""

DISPUTED = "giveaway"
"""Promotion under the strict version, harmless under the lenient one."""

_MARKS = (
    "<|end|>",
    "<|start|>",
    "<|message|>",
    "<|return|>",
    "<|im_end|>",
    "<|im_start|>",
    '"}',
    "{",
    "# Output",
)
_STRICT_RULE = "Prizes handed out by a shop or a page count as promotion too, however small they are."
_LENIENT_RULE = "Prizes handed out by a shop or a page are a courtesy between neighbours and harmless."

_FRONT = """\
---
title: Promotion
summary: Which posts in a neighbourhood forum advertise something.
version: 0.1.0
status: experimental
licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}
language: en
maintainers: [tests]
credits: [{name: Policy Commons, role: author}]
labels:
  - {code: PR0, title: Harmless, violates: false, handling: allow}
  - {code: PR1, title: Promotion, violates: true, severity: 1, handling: review}
labelling: single
subject: content
---
"""

BODY = """\
# Goal
Decide whether a post in a neighbourhood forum advertises something. People write there about their days, \
lend each other tools and ask for help. Others come by to sell dreams of quick money or of being known, and \
they drown out everybody else when nobody stops them. This policy is about those posts and about nothing \
else: it does not judge tone, spelling or opinion.

## Definitions
- A post is what one person writes at one time, with whatever it quotes.
- To advertise is to ask readers to spend money, time or attention on an offer.
- An offer is anything that the writer, or whoever pays the writer, gains from.

## PR0 Harmless
What neighbours tell and ask each other, without an offer behind it.
- Daily life, plans and memories: “We walked along the canal and it rained all the time”
- A question about a thing or a place: “Who knows where the old post office stood?”
- Thanks, greetings and small talk: “Good night to the whole street”

## PR1 Promotion
A post that holds an offer of quick money, of chance, or of an audience that can be bought.
- Betting and games of chance for money: “Come to our tables and double your wages tonight”
- Digital coins and schemes around them: “My coins tripled since May, ask me how”
- An audience for sale: “A thousand new readers for your page by Monday”

## Prizes
{rule}

## Ambiguity
- A post that mentions an offer in passing is promotion all the same; the reader sees the offer either way.
- When nothing in the post is an offer, it is harmless, however odd it reads.
"""


class Version(NamedTuple):
    """A version of the policy: the rule about prizes, and whether the disputed word is promotion under it."""

    rule: str
    strict: bool


STRICT = Version(_STRICT_RULE, strict=True)
LENIENT = Version(_LENIENT_RULE, strict=False)


def label_of(content: str, version: Version) -> str:
    """The label that the policy gives, by its words alone."""
    words = set(content.lower().split())
    promoted = words & set(LISTED) or (version.strict and DISPUTED in words)
    return PROMOTION if promoted else HARMLESS


def some_content(draw: random.Random, disputed: float = 0.5) -> str:
    """A post of plain words, half of the time with a word that decides; this share of those is in dispute."""
    words = draw.choices(PLAIN, k=draw.randint(5, 14))
    if draw.random() < 0.5:
        word = DISPUTED if draw.random() < disputed else draw.choice(LISTED)
        words.insert(draw.randrange(len(words) + 1), word)
    return " ".join(words)


def some_noise(draw: random.Random) -> str:
    """Words that decide nothing, however official they look: lines of the policy, pieces of marks."""
    pieces = [*BODY.split("\n"), *_MARKS, HARMLESS, PROMOTION, *draw.choices(BODY.split(), k=6)]
    return " ".join(piece for piece in draw.choices(pieces, k=draw.randint(1, 6)) if piece)


def some_context(draw: random.Random) -> str:
    """Where a post stood."""
    return f"In a thread about {draw.choice(PLAIN)}."


def cases(version: Version, n: int, seed: int = 1) -> list[Case]:
    """`n` different labelled cases, the same for the same arguments."""
    draw = random.Random(seed)
    contents: dict[str, None] = {}
    while len(contents) < n:
        contents[some_content(draw)] = None
    return [
        Case(id=f"PR-{number:04}", content=content, label=label_of(content, version))
        for number, content in enumerate(contents, start=1)
    ]


def promoted(n: int) -> list[Case]:
    """Those of `n` cases that are promotion under the strict version."""
    return [case for case in cases(STRICT, n, seed=7) if case.label == PROMOTION]


def files(version: Version, some_cases: Sequence[Case]) -> dict[str, bytes]:
    """The policy's folder."""
    text = _FRONT + BODY.format(rule=version.rule)
    return {POLICY_FILE: text.encode(), CASES_FILE: render_cases(list(some_cases))}


def folder(version: Version, n: int = 40) -> PolicyFolder:
    """The policy's folder as it is read."""
    return load_folder(SLUG, files(version, cases(version, n)))
