"""Between people's words and the full-text index: what is put in, and what is asked of it. Pure.

Scripts that are written without spaces (Chinese, Japanese, Korean, Thai and their kin) would be one long
word to SQLite's tokenizer. A character that nobody sees, and that parts words, is put between their
characters on the way in; asked for as a phrase, any stretch of such a text is found.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 200
MAX_WORDS = 12
PART = "\u200b"
"""Zero width space: to the tokenizer it parts words, to a reader it is nothing."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"  # CJK
)
_BETWEEN = re.compile(rf"(?<=[{_UNSPACED}])(?=\w)|(?<=\w)(?=[{_UNSPACED}])")
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')


def prepared(text: str) -> str:
    """A text as it is put into the index. Half characters, which no database takes, become `\ufffd`."""
    if text.isascii():
        return text.replace("\x00", " ")
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
    return _BETWEEN.sub(PART, whole.replace(PART, " "))


def shown(text: str) -> str:
    """A text from the index as people read it."""
    return text.replace(PART, "")


def named(slug: str) -> str:
    """A policy's name as it is searched: as it is written, and as the words it is made of."""
    return f"{slug} {slug.replace('-', ' ')}"


def match_expression(words: str) -> str | None:
    """What FTS5 is asked for; None when there is nothing to look for.

    Everything is quoted, so nothing that a visitor types is syntax. All words must be there; the last
    one may be a beginning, unless it stands in quotes.
    """
    text = prepared(unicodedata.normalize("NFC", words[:MAX_CHARACTERS]))
    pieces = [
        (match[1] if match[1] is not None else match[2], match[1] is not None)
        for match in _PIECE.finditer(text)
    ]
    # A piece without a letter or digit would be an empty phrase, which matches nothing.
    asked = [(piece, is_phrase) for piece, is_phrase in pieces if any(map(str.isalnum, piece))][:MAX_WORDS]
    if not asked:
        return None
    terms = ['"' + piece.replace('"', '""') + '"' for piece, _ in asked]
    last, is_phrase = asked[-1]
    # One letter begins half of all words; from two on there is an index for beginnings.
    if not is_phrase and len(last) > 1 and last[-1].isalnum():
        terms[-1] += " *"
    return " AND ".join(terms)
