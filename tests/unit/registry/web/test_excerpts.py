from __future__ import annotations

import pytest

from registry.web.excerpts import plain_excerpt


@pytest.mark.parametrize(
    ("excerpt", "read"),
    [
        (
            ("\u2026is SP3.\n- A disclosed ", "advert", " here\u2026"),
            ("\u2026is SP3. A disclosed ", "advert", " here\u2026"),
        ),
        (("a ", "b", ".\n\n## Definitions\n1. **Lie**: `x_y`"), ("a ", "b", ". Definitions: Lie: x_y")),
        (("\u2026- one 3 - 4 ", "a*b"), ("\u2026 one 3 - 4 ", "a*b")),
        ((), ()),
    ],
)
def test_excerpt_reads_as_text(excerpt: tuple[str, ...], read: tuple[str, ...]) -> None:
    """Marks of headings, lists and emphasis go; words, codes and the parts themselves stay."""
    assert plain_excerpt(excerpt) == read
