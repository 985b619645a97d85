"""What answered a run, and how it was asked, as evidence says it in the log. Touches nothing."""

from __future__ import annotations

import re

from evaluations.run_record import RunRecord
from registry.services.errors import InputRefusedError

NONE = "none"
"""What stands in an event for an effort or a template that a run does not have."""


_HEX = re.compile(r"[0-9a-f]{0,64}\Z")


_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}\Z")


def facts_in(record: RunRecord) -> dict[str, str]:
    """What answered, and how it was asked, as it stands in an event.

    Raises `InputRefusedError` for a model's name that cannot.
    """
    return {
        "model": _model_word(record),
        "revision": _revision_word(record),
        "effort": record.parts.effort or NONE,
        "template": record.parts.template or NONE,
    }


def _model_word(record: RunRecord) -> str:
    name = record.parts.model.id
    if _MODEL.match(name) is None:
        raise InputRefusedError(
            f"the model {name[:60]!r}",
            "only letters, digits and . _ / - may stand in the name of a model in the log, 128 at most.",
            "Have the server call it by its name on the Hub, such as openai/gpt-oss-safeguard-20b.",
        )
    return name


def _revision_word(record: RunRecord) -> str:
    """A commit, or a digest without the name of its function; nothing where it is neither."""
    said = (record.parts.model.revision or "").rpartition(":")[2]
    return said if _HEX.match(said) else ""
