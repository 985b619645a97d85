"""Policy texts: with front matter of the commons, or as people write them, without any. Pure.

The words are never changed. What the front matter needs is read off the text where the text says
it, and everything taken that way, or left for a person to state, is told.
"""

from __future__ import annotations

import re
import unicodedata

from policies.codec import parse_policy
from policies.errors import MalformedPolicyError
from policies.importers.model import FileRole, Notice, RowProblem, Topic, excerpt_of
from policies.importers.policy_labels import FoundLabels, heading_text, labels_in
from policies.importers.reading import FileReading, PolicyDraft, Reader
from policies.importers.source import Source, is_damaged
from policies.limits import KIB, LIMITS
from policies.model import Labelling

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n")
_LABELS_KEY = re.compile(r"^labels[ \t]*:", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CODE_MARK = re.compile(r"\s*\(#?[A-Z][A-Z0-9-]{0,15}\)\s*$")
_GENERIC_TITLES = frozenset(
    {"criteria", "policy", "overview", "goal", "instructions", "definitions", "content policy"}
)
_PURPOSE = re.compile(r"^\W*(?:goal|overview|purpose|summary)\b\W*(?P<rest>.*)$", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:classif\w+|label\w*|violat\w+|allowed|prohibited|disallowed|includes?|excludes?|criteria)\b",
    re.IGNORECASE,
)
_OUTPUT = re.compile(
    r"^[^\w\n]{0,8}(?:(?:required\s+)?(?:output|answer|response|label)\s+(?:format|instructions?)\b"
    r"|output\s*:|(?:return|respond|reply|answer|output)\s+(?:only|exactly|with|a|in|the)\b)"
    r"|\breturn\s+(?:only|exactly|a json)\b|\beach item gets (?:one|two) labels?\b"
    r"|\bclassify\s+(?:each|every|the)\b[^.\n]{0,60}\bas\s+`?(?:in)?valid\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(.{10,200}?[.!?])(?:\s|$)")
_LONGEST_TITLE = 100


def _recognises(source: Source) -> float:
    if len(source.raw) > 4 * LIMITS.policy_bytes:
        return 0.0
    found = labels_in(source.text)
    if found is not None:
        # Two words in capitals are a weak sign by themselves: a report about a policy has them too.
        return 0.5 + 0.4 * found.strength if found.strength > 0.6 or _reads_as_policy(source.text) else 0.0
    return 0.4 if _reads_as_policy(source.text) else 0.0


def _recognises_own(source: Source) -> float:
    stated = _FRONT_MATTER.match(source.text) and _LABELS_KEY.search(source.text[:65_536])
    return 1.0 if stated else 0.0


def _reads_as_policy(text: str) -> bool:
    opening = "\n".join(text.lstrip().split("\n")[:5]).lower()
    return ("policy" in opening or "criteria" in opening) and len(_WORDS.findall(text[:65_536])) >= 3


def _read(source: Source) -> FileReading:
    notices = list(source.notices)

    def refused(line: int, reason: str, shown: str = "") -> FileReading:
        problem = RowProblem(file=source.file, line=line, reason=reason, excerpt=excerpt_of(shown))
        return FileReading(
            file=source.file,
            role=FileRole.UNREAD,
            reader="policy text",
            problems=(problem,),
            notices=tuple(notices),
        )

    def tell(topic: Topic, line: int, message: str, remedy: str = "") -> None:
        notices.append(Notice(topic=topic, file=source.file, line=line, message=message, remedy=remedy))

    text = source.text
    if is_damaged(text):
        number, line = next((n, line) for n, line in enumerate(text.split("\n"), 1) if is_damaged(line))
        return refused(number, "a policy text with bytes that are not UTF-8; save it as UTF-8", line)
    if control := _CONTROL.search(text):
        line_number = text.count("\n", 0, control.start()) + 1
        return refused(
            line_number, f"a policy text with the control character U+{ord(control[0]):04X}; remove it"
        )
    if len(text.encode("utf-8")) > LIMITS.policy_bytes:
        return refused(
            0, f"a policy text of more than {LIMITS.policy_bytes // KIB} KiB; shorten it or use annexes"
        )
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        tell(Topic.ENCODING, 0, "the text was put into Unicode normal form C, which a commons requires.")
    body = source.raw if source.plain_utf8 and text == source.text else text.encode("utf-8")
    if _FRONT_MATTER.match(text):
        return _with_front_matter(source, body, notices)
    found = labels_in(text)
    title, summary = _title_of(text), _summary_of(text)
    _tell_about(text, found, title, summary, tell)
    draft = PolicyDraft(
        file=source.file,
        body=body,
        title=title,
        summary=summary,
        labels=found.labels if found else (),
        labelling=found.labelling if found else Labelling.SINGLE,
        strength=found.strength if found else 0.0,
    )
    return FileReading(
        file=source.file,
        role=FileRole.POLICY,
        reader="policy text",
        notices=tuple(notices),
        policy=draft,
        text=text,
        why=found.way if found else "the words of a policy",
    )


def _with_front_matter(source: Source, body: bytes, notices: list[Notice]) -> FileReading:
    """A file in the commons' own format is taken over byte for byte."""
    try:
        meta = parse_policy(body, file=source.file).policy.meta
    except MalformedPolicyError as error:
        problems = tuple(
            RowProblem(file=source.file, line=finding.line, reason=f"{finding.message} {finding.fix}")
            for finding in error.findings
        )
        return FileReading(
            file=source.file,
            role=FileRole.UNREAD,
            reader="policy text",
            problems=problems,
            notices=tuple(notices),
        )
    draft = PolicyDraft(
        file=source.file, body=body, title=meta.title, summary=meta.summary, labels=meta.labels,
        labelling=meta.labelling, ready=body, strength=2.0,
    )  # fmt: skip
    return FileReading(
        file=source.file, role=FileRole.POLICY, reader="policy of the commons", notices=tuple(notices),
        policy=draft, why="front matter",
    )  # fmt: skip


def _title_of(text: str) -> str | None:
    """The first heading or line, without its code; None when it is no title of its own."""
    for line in text.split("\n")[:10]:
        words = (heading_text(line) or line).strip()
        if words and set(words) - set("-=*_ "):
            title = _CODE_MARK.sub("", words).strip(" :*#")
            if title and title.lower() not in _GENERIC_TITLES and len(title) <= _LONGEST_TITLE:
                return title
            return None
    return None


def _summary_of(text: str) -> str:
    """The first sentence of the goal or overview; blank when the text has neither."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _PURPOSE.match(line)
        if not match or (heading_text(line) is None and ":" not in line):
            continue
        rest = match["rest"].strip(" :*#")
        below = (other.strip() for other in lines[number + 1 : number + 6])
        words = rest or next((other for other in below if other and not other.startswith("#")), "")
        sentence = _SENTENCE.match(words + " ")
        if sentence:
            return sentence[1]
    return ""


def _tell_about(text: str, found: FoundLabels | None, title: str | None, summary: str, tell: object) -> None:
    assert callable(tell)
    if found is None:
        remedy = "List them under `labels` in the front matter."
        tell(Topic.LABELS, 0, "the text defines no labels that could be told.", remedy)
    else:
        shown = ", ".join(
            f"{label.code} ({'violates' if label.violates else 'allowed'})" for label in found.labels
        )
        tell(
            Topic.LABELS, 0, f"the label schema was read off {found.way}: {shown}.", "Check titles and order."
        )
        if found.unsure:
            message = f"only the code's number tells whether these are allowed: {', '.join(found.unsure)}."
            tell(Topic.LABELS, 0, message, "Check `violates` of each in the front matter.")
    if title is None:
        tell(
            Topic.POLICY, 1, "the text has no title of its own; the folder's name was taken.", "Set `title`."
        )
    if not summary:
        tell(Topic.POLICY, 0, "the text has no goal or overview to take a summary from.", "Set `summary`.")
    found_at = [(n, line) for n, line in enumerate(text.split("\n"), 1) if _OUTPUT.search(line[:300])]
    if found_at:
        first, line = found_at[0]
        places = ", ".join(str(number) for number, _ in found_at[:20]) + (
            " ..." if len(found_at) > 20 else ""
        )
        message = f"output instructions stand in the text (lines {places}), such as {excerpt_of(line)!r}."
        remedy = "They were kept; take them out, because the prompt template says how to answer."
        tell(Topic.OUTPUT_INSTRUCTION, first, message, remedy)


POLICY_TEXT = Reader(name="policy text", recognises=_recognises, read=_read)
OWN_POLICY = Reader(name="policy of the commons", recognises=_recognises_own, read=_read)
