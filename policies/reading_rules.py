"""The rules that reading itself enforces, with their stable ids. Pure.

A file that breaks one of them cannot be published. `lint` adds the rules about content that reads
well but says something wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NO_FRONT_MATTER = "P001"
MALFORMED_FRONT_MATTER = "P002"
MISSING_FIELD = "P003"
WRONG_FIELD = "P004"
UNKNOWN_FIELD = "P005"
FILE_NAME = "P006"
FILE_SIZE = "P007"
FILE_TEXT = "P008"
MISSING_FILE = "P009"
NOT_A_CASE = "P010"
WRONG_CASE_FIELD = "P011"
DUPLICATE_CASE_ID = "P012"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRule:
    """A rule's id, what it says in a line, and why it exists."""

    id: str
    title: str
    why: str


def _rule(rule: str, title: str, why: str) -> tuple[str, ReadingRule]:
    return rule, ReadingRule(id=rule, title=title, why=why)


READING_RULES: Mapping[str, ReadingRule] = MappingProxyType(
    dict(
        (
            _rule(
                NO_FRONT_MATTER,
                "no front matter",
                "Without it nobody knows the labels, the licence or the version.",
            ),
            _rule(
                MALFORMED_FRONT_MATTER,
                "malformed front matter",
                "Two YAML readers must not see two different policies.",
            ),
            _rule(
                MISSING_FIELD, "required field missing", "A listing or a run could not be made without it."
            ),
            _rule(
                WRONG_FIELD, "field of the wrong kind", "A value that is guessed at is a value that is wrong."
            ),
            _rule(
                UNKNOWN_FIELD,
                "unknown key inside a known field",
                "It is kept in the file and has no effect, which is rarely what its author meant.",
            ),
            _rule(FILE_NAME, "file name not allowed", "A folder has to clone alike on every system."),
            _rule(FILE_SIZE, "file too large", "Everyone who clones the commons pays for it."),
            _rule(
                FILE_TEXT,
                "file is not clean text",
                "Text that differs by machine cannot be compared or signed.",
            ),
            _rule(
                MISSING_FILE,
                "file missing or not named",
                "What the model reads must be known from the folder.",
            ),
            _rule(NOT_A_CASE, "line is not a case", "A case that is dropped silently changes every score."),
            _rule(
                WRONG_CASE_FIELD,
                "case field of the wrong kind",
                "A label that is guessed at is a wrong label.",
            ),
            _rule(DUPLICATE_CASE_ID, "case id used twice", "Runs and diffs find a case by its id."),
        )
    )
)
