"""TEMPORARY."""

from typing import NamedTuple


class RollFacts(NamedTuple):
    voters: int


def check_coherent(c):
    return []


def check_against_roll(c, r):
    return []
