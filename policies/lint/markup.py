"""Rules about what a page would show, load or run from a policy text. Pure.

Pages sanitise all of it; these rules are for those who read the file itself, and keep out what the
model reads and the page hides. Read with the raw CommonMark rules, HTML and any link scheme on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from policies.findings import Finding
from policies.lint.reading import Page, Reading, shortened
from policies.lint.rules import found

_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.\s-]{0,30}):", re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
# Frames of chat formats: harmony and ChatML, Llama, and others that serving software knows.
_CONTROL = re.compile(
    r"<\|[^|<>\s]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|<｜[^｜]{1,40}｜>"
)


def check_markup(reading: Reading) -> Iterator[Finding]:
    """P072 to P075."""
    for page in reading.text_pages:
        for token, line in _tokens(_EveryLink("commonmark").parse(page.text), page.first_line):
            yield from _of_token(token, page, line)
        for line, text in page.lines():
            match = _CONTROL.search(text)
            if match:
                yield found(
                    "P075",
                    page.file,
                    line,
                    f"{match.group()!r} is a control token of some models.",
                    "Describe it in words; whoever builds prompts has to escape it.",
                )


def _of_token(token: Token, page: Page, line: int) -> Iterator[Finding]:
    if _is_html(token):
        yield found(
            "P072",
            page.file,
            line,
            f"Raw HTML: {shortened(token.content)!r}.",
            "Write Markdown; to speak of a tag, put it in `backticks`.",
        )
    # Decoded, because a tab or a letter of the scheme may be written as an entity.
    target = unquote(str(token.attrs.get("src" if token.type == "image" else "href", "")))
    scheme = _SCHEME.match(target)
    if scheme and "".join(scheme[1].split()).casefold() not in _SAFE_SCHEMES:
        yield found(
            "P074",
            page.file,
            line,
            f"The address {shortened(target)!r} does not lead to a web page.",
            "Link to an address that begins with https://, or write it in `backticks`.",
        )
    elif token.type == "image" and _REMOTE.match(target):
        yield found(
            "P073",
            page.file,
            line,
            f"The image is loaded from {shortened(target)!r}.",
            "Describe in words what it shows, or make it a link.",
        )


def _is_html(token: Token) -> bool:
    """Whether it is HTML that opens something; a closing tag has been told with its opening one."""
    if token.type not in ("html_block", "html_inline"):
        return False
    content = token.content.strip()
    return not content.startswith("</") and not _CONTROL.fullmatch(content)


def _tokens(tokens: Iterable[Token], first_line: int) -> Iterator[tuple[Token, int]]:
    """Every token, the inline ones too, with its line in the file."""
    line = first_line
    for token in tokens:
        if token.map is not None:
            line = first_line + token.map[0]
        yield token, line
        inline = line
        for child in token.children or ():
            yield child, inline
            inline += (child.type in ("softbreak", "hardbreak")) + child.content.count("\n")


class _EveryLink(MarkdownIt):
    """CommonMark that keeps dangerous links as links, since they are what is looked for."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  # the library's name for it
        return True
