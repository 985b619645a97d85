"""The charters that ship: a charter is a preset plus overrides. Pure.

Only `solo@1` decides anything yet: one founder, mode `owner`. The other presets and the whole schema
come with proposals and ballots; a charter names its preset, so those found today keep their meaning.
"""

from __future__ import annotations

SOLO = "solo@1"


def charter_text(preset: str = SOLO) -> bytes:
    """`governance/charter.toml` as a founding writes it."""
    return (
        "schema = 1\n"
        f'preset = "{preset}"\n'
        "\n"
        "# Mode `owner`: the founder publishes at once, and anyone may fork.\n"
        "[class.policy]\n"
        'mode = "owner"\n'
    ).encode()
