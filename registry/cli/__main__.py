"""`python -m registry.cli`: the same as `commons`, where no entry point is installed."""

from __future__ import annotations

from registry.cli.main import main

main()
