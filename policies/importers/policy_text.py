"""Policy texts: with front matter of the commons, or as people write them, without any. Pure.

The words are never changed. What the front matter needs is read off the text where the text says
it, and everything taken that way, or left for a person to state, is told.
"""

from __future__ import annotations

import re
import unicodedata

from policies.codec import Document, parse_policy
from policies.errors import MalformedPolicyError
from policies.front_matter import edit_front_matter
from policies.importers.front import label_fields
from policies.importers.model import FileRole, Notice, RowProblem, Topic, excerpt_of
from policies.importers.policy_labels import FoundLabels, heading_text, labels_in
from policies.importers.reading import FileReading, PolicyDraft, Reader
from policies.importers.source import Source, is_damaged
from policies.limits import KIB, LIMITS
from policies.model import Labelling, Status

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
_NAMED = re.compile(r"(?:.*/)?policy\.(?:md|markdown|txt|text)", re.IGNORECASE)


def _recognises(source: Source) -> float:
    if len(source.raw) > 4 * LIMITS.policy_bytes:
        return 0.0
    found = labels_in(source.text)
    if found is not None:
        # Two words in capitals are a weak sign by themselves: a report about a policy has them too.
        sure = found.strength > 0.6 or _named_policy(source) or _reads_as_policy(source.text)
        return 0.5 + 0.4 * found.strength if sure else 0.0
    return 0.4 if _named_policy(source) or _reads_as_policy(source.text) else 0.0


def _named_policy(source: Source) -> bool:
    """A text that says by its name what it is, whatever its words."""
    return _NAMED.fullmatch(source.file) is not None and bool(source.text.strip())


def _recognises_own(source: Source) -> float:
    stated = _FRONT_MATTER.match(source.text) and _LABELS_KEY.search(source.text[:65_536])
    return 1.0 if stated else 0.0


def _reads_as_policy(text: str) -> bool:
    opening = "\n".join(text.lstrip().split("\n")[:5]).lower()
    return ("policy" in opening or "criteria" in opening) and len(_WORDS.findall(text[:65_536])) >= 3


def _read(source: Source) -> FileReading:
    problem = _problem_of(source)
    if problem is not None:
        return _refused(source, (problem,))
    text, body = source.text, source.raw
    told = _Told(source)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        told.say(Topic.ENCODING, 0, "the text was put into Unicode normal form C, which a commons requires.")
    if not source.plain_utf8 or text != source.text:
        body = text.encode("utf-8")
    ready: bytes | None = None
    attachments: tuple[str, ...] = ()
    if _FRONT_MATTER.match(text):
        try:
            document = parse_policy(body, file=source.file)
        except MalformedPolicyError as error:
            if _recognises_own(source):
                return _refused(source, _problems_from(error, source.file))
            # Three hyphens that open no front matter are a line in the author's text.
        else:
            if document.policy.meta.labels:
                return _taken_over(source, document, told)
            ready, text = body, document.policy.body
            attachments = tuple(attachment.file for attachment in document.policy.meta.attachments)
    found = labels_in(text)
    title, summary = _title_of(text), _summary_of(text)
    _tell_about(text, found, title, summary, told)
    if ready is not None:
        ready = _with_labels(ready, found, source.file)
    draft = PolicyDraft(
        file=source.file,
        body=body,
        title=title,
        summary=summary,
        labels=found.labels if found else (),
        labelling=found.labelling if found else Labelling.SINGLE,
        ready=ready,
        attachments=attachments,
        strength=found.strength if found else 0.0,
    )
    return FileReading(
        file=source.file,
        role=FileRole.POLICY,
        reader="policy text",
        notices=tuple(told.notices),
        policy=draft,
        text=text,
        why=found.way if found else "the words of a policy",
    )


class _Told:
    """What is told of one file."""

    def __init__(self, source: Source) -> None:
        self.file = source.file
        self.notices: list[Notice] = list(source.notices)

    def say(self, topic: Topic, line: int, message: str, remedy: str = "") -> None:
        self.notices.append(Notice(topic=topic, file=self.file, line=line, message=message, remedy=remedy))


def _problem_of(source: Source) -> RowProblem | None:
    """Why a commons cannot hold the text, None when it can."""
    text = source.text
    if is_damaged(text):
        line, shown = next((n, line) for n, line in enumerate(text.split("\n"), 1) if is_damaged(line))
        reason = "a policy text with bytes that are not UTF-8; save it as UTF-8"
        return RowProblem(file=source.file, line=line, reason=reason, excerpt=excerpt_of(shown))
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        reason = f"a policy text with the control character U+{ord(control[0]):04X}; remove it"
        return RowProblem(file=source.file, line=line, reason=reason)
    if len(text.encode("utf-8")) > LIMITS.policy_bytes:
        reason = f"a policy text of more than {LIMITS.policy_bytes // KIB} KiB; shorten it or use annexes"
        return RowProblem(file=source.file, line=0, reason=reason)
    return None


def _problems_from(error: MalformedPolicyError, file: str) -> tuple[RowProblem, ...]:
    return tuple(
        RowProblem(file=file, line=finding.line, reason=f"{finding.message} {finding.fix}")
        for finding in error.findings
    )


def _refused(source: Source, problems: tuple[RowProblem, ...]) -> FileReading:
    return FileReading(
        file=source.file,
        role=FileRole.UNREAD,
        reader="policy text",
        problems=problems,
        notices=source.notices,
        why="a policy that a commons cannot hold",
    )


def _taken_over(source: Source, document: Document, told: _Told) -> FileReading:
    """A file in the commons' own format keeps every byte."""
    meta = document.policy.meta
    draft = PolicyDraft(
        file=source.file,
        body=document.raw,
        title=meta.title,
        summary=meta.summary,
        labels=meta.labels,
        labelling=meta.labelling,
        ready=document.raw,
        attachments=tuple(attachment.file for attachment in meta.attachments),
        strength=2.0,
    )
    return FileReading(
        file=source.file,
        role=FileRole.POLICY,
        reader="policy of the commons",
        notices=tuple(told.notices),
        policy=draft,
        why="front matter",
    )


def _with_labels(ready: bytes, found: FoundLabels | None, file: str) -> bytes:
    """A front matter that names no labels gets those of its text; its other lines stay."""
    if found is None:
        return ready
    updates = {
        "labels": [label_fields(label) for label in found.labels],
        "labelling": found.labelling.value,
        "status": Status.DRAFT.value,
    }
    try:
        return edit_front_matter(ready, updates, file=file)
    except MalformedPolicyError:
        # A front matter on one line cannot be added to; lint then asks for the labels.
        return ready


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


def _tell_about(text: str, found: FoundLabels | None, title: str | None, summary: str, told: _Told) -> None:
    tell = told.say
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
        more = " and others" if len(found_at) > 20 else ""
        places = ", ".join(str(number) for number, _ in found_at[:20]) + more
        message = f"output instructions stand in the text (lines {places}), such as {excerpt_of(line)!r}."
        remedy = "They were kept; take them out, because the prompt template says how to answer."
        tell(Topic.OUTPUT_INSTRUCTION, first, message, remedy)


POLICY_TEXT = Reader(name="policy text", recognises=_recognises, read=_read)
OWN_POLICY = Reader(name="policy of the commons", recognises=_recognises_own, read=_read)
