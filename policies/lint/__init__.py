"""Judges policies and their cases by rules with stable ids. Pure."""

from __future__ import annotations

from policies.lint.folder import lint_folder
from policies.lint.rules import RULES, Rule

__all__ = ["RULES", "Rule", "lint_folder"]
