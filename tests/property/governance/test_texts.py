"""Properties of sealed words."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from governance.texts import SALT_BYTES, open_text, seal_text


@given(st.text(max_size=500), st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES))
def test_opens_as_sealed(words: str, salt: bytes) -> None:
    """Any words come back as they were, in Unicode's composed form."""
    sealed = seal_text(words, salt)
    assert open_text(sealed.raw, sealed.id).words == unicodedata.normalize("NFC", words)
