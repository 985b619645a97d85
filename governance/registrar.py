"""The handle under which the registry itself appends what the log calls for. Pure."""

from __future__ import annotations

REGISTRAR = "registry"
"""Reserved: nobody can join under it. What it appends follows from the log, and the fold checks it."""
