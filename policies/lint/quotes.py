"""What stands in quotes or code in a policy text, and the text without it. Pure.

Examples are written in quotes, so a rule about the policy's own words must not read them.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r"“[^“”\n]{0,2000}”|„[^„“”\n]{0,2000}[“”]|«[^«»\n]{0,2000}»|‹[^‹›\n]{0,2000}›|「[^「」\n]{0,2000}」"
    r"|『[^『』\n]{0,2000}』|\"[^\"\n]{0,2000}\"|`[^`\n]{0,2000}`"
)


def without_quotes(text: str) -> str:
    """`text` with each quotation and code span replaced by one space; line breaks stay where they are."""
    return _QUOTED.sub(" ", text)
